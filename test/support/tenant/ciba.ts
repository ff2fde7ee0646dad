import { z } from 'zod';
import { draw, signIdToken, signToken, type World } from './world.ts';
import { need, oauthError, Refused, type Answer } from './wire.ts';

const Hint = z.strictObject({ format: z.literal('iss_sub'), iss: z.string(), sub: z.string() });
const Details = z.array(z.looseObject({ type: z.string() }));

/** /bc-authorize (OpenID Connect CIBA §7.1), with Auth0's limits. */
export function initiateCiba(world: World, fields: Record<string, string>): Answer {
  const hint = Hint.parse(JSON.parse(need(fields, 'login_hint')));
  if (hint.iss !== world.issuer || !world.users.has(hint.sub))
    throw oauthError(400, 'invalid_request', 'login_hint names nobody');
  const scope = need(fields, 'scope');
  if (!scope.split(' ').includes('openid')) throw oauthError(400, 'invalid_scope', 'openid is missing');
  const message = need(fields, 'binding_message');
  if (!/^[A-Za-z0-9 +\-_.,:#]{1,64}$/.test(message))
    throw oauthError(400, 'invalid_binding_message', message);
  const seconds = Number(fields['requested_expiry'] ?? 300);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 259_200)
    throw oauthError(400, 'invalid_request', 'requested_expiry');
  const audience = fields['audience'] ?? '';
  if (audience !== world.audience) throw oauthError(400, 'invalid_target', 'audience');
  const authReqId = draw('ciba_');
  world.ciba.set(authReqId, {
    authReqId,
    sub: hint.sub,
    bindingMessage: message,
    audience,
    scope,
    details: Details.parse(JSON.parse(fields['authorization_details'] ?? '[]')),
    expiresAt: world.now().getTime() + seconds * 1000,
    lastPoll: 0,
    status: 'pending',
  });
  return { status: 200, body: { auth_req_id: authReqId, expires_in: seconds, interval: world.interval } };
}

/** The CIBA grant. Auth0 has one answer for denied and expired. */
export async function pollCiba(world: World, fields: Record<string, string>): Promise<Answer> {
  const request = world.ciba.get(need(fields, 'auth_req_id'));
  if (request === undefined || request.status === 'used')
    throw oauthError(400, 'invalid_grant', 'The authorization request is no longer usable');
  const now = world.now().getTime();
  const isEarly = now - request.lastPoll < world.interval * 1000;
  request.lastPoll = now;
  if (isEarly) {
    const text = 'You are polling faster than allowed. Try again in 10 seconds.';
    const body = { error: 'slow_down', error_description: text };
    throw new Refused({ status: 400, headers: { 'retry-after': '10' }, body });
  }
  if (request.status === 'denied' || request.expiresAt <= now) {
    const text = 'The end-user denied the authorization request or it has been expired';
    throw oauthError(400, 'access_denied', text);
  }
  if (request.status === 'pending')
    throw oauthError(400, 'authorization_pending', 'The end-user authorization is pending');
  request.status = 'used';
  const user = world.users.get(request.sub);
  if (user === undefined) throw oauthError(400, 'invalid_grant', 'no such user');
  const claims = { sub: user.sub, aud: request.audience, azp: world.clientId, scope: request.scope };
  const token = await signToken(world, { ...claims, authorization_details: request.details });
  return {
    status: 200,
    body: {
      access_token: token,
      id_token: await signIdToken(world, user, undefined),
      scope: request.scope,
      expires_in: 86_400,
      token_type: 'Bearer',
      authorization_details: request.details,
    },
  };
}
