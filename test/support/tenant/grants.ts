import { challengeOf, draw, signIdToken, signToken, type World } from './world.ts';
import { need, oauthError, type Answer } from './wire.ts';

type Fields = Record<string, string>;

const ME_SCOPES = [
  'create:me:connected_accounts',
  'read:me:connected_accounts',
  'delete:me:connected_accounts',
];

/** RFC 6749 §4.1.3, RFC 7636 §4.5. A code is good once. */
export async function redeemCode(world: World, fields: Fields): Promise<Answer> {
  const code = world.codes.get(need(fields, 'code'));
  world.codes.delete(fields['code'] ?? '');
  if (code === undefined) throw oauthError(403, 'invalid_grant', 'Invalid authorization code');
  if (need(fields, 'redirect_uri') !== code.redirectUri)
    throw oauthError(403, 'invalid_grant', 'redirect_uri');
  if (challengeOf(need(fields, 'code_verifier')) !== code.challenge)
    throw oauthError(403, 'invalid_grant', 'Failed to verify code verifier');
  const user = world.users.get(code.sub);
  if (user === undefined) throw oauthError(403, 'invalid_grant', 'no such user');
  const isOffline = code.scope.split(' ').includes('offline_access');
  const refreshToken = draw('rt_');
  if (isOffline) world.refreshTokens.set(refreshToken, user.sub);
  return {
    status: 200,
    body: {
      access_token: draw('opaque_'),
      id_token: await signIdToken(world, user, code.nonce),
      scope: code.scope,
      expires_in: 86_400,
      token_type: 'Bearer',
      ...(isOffline ? { refresh_token: refreshToken } : {}),
    },
  };
}

/** Multi-Resource Refresh Token: the one audience is the My Account API. */
export async function refresh(world: World, fields: Fields): Promise<Answer> {
  const sub = world.refreshTokens.get(need(fields, 'refresh_token'));
  if (sub === undefined) throw oauthError(403, 'invalid_grant', 'Unknown or invalid refresh token.');
  if (need(fields, 'audience') !== `${world.issuer}me/`) throw oauthError(400, 'invalid_target', 'audience');
  const scope = need(fields, 'scope');
  if (!scope.split(' ').every((one) => ME_SCOPES.includes(one)))
    throw oauthError(400, 'invalid_scope', scope);
  const token = await signToken(world, { sub, aud: `${world.issuer}me/`, scope });
  return { status: 200, body: { access_token: token, scope, expires_in: 86_400, token_type: 'Bearer' } };
}

/** RFC 7009: says yes to what it does not know, too. */
export function revoke(world: World, fields: Fields): Answer {
  world.refreshTokens.delete(need(fields, 'token'));
  return { status: 200 };
}
