import { z } from 'zod';
import type { TenantAccount, World } from './world.ts';
import { need, oauthError, type Answer } from './wire.ts';

const TYPE = 'http://auth0.com/oauth/token-type/federated-connection-access-token';
const Tokens = z.looseObject({ access_token: z.string(), scope: z.string().optional() });

/**
 * The federated-connection exchange with a refresh token. `scope` is taken and has no effect; a token is got anew from
 * the provider each time.
 */
export async function exchange(world: World, fields: Record<string, string>): Promise<Answer> {
  if (need(fields, 'subject_token_type') !== 'urn:ietf:params:oauth:token-type:refresh_token')
    throw oauthError(400, 'invalid_request', 'subject_token_type');
  if (need(fields, 'requested_token_type') !== TYPE)
    throw oauthError(400, 'invalid_request', 'requested_token_type');
  const sub = world.refreshTokens.get(need(fields, 'subject_token'));
  if (sub === undefined) throw oauthError(401, 'invalid_grant', 'Unknown or invalid refresh token.');
  world.exchanges.push(sub);
  const connection = need(fields, 'connection');
  const hint = fields['login_hint'];
  const own = world.accounts.filter((one) => one.sub === sub && one.connection === connection);
  const account = hint === undefined ? own[0] : own.find(({ providerId }) => providerId === hint);
  if (account === undefined || (hint === undefined && own.length > 1))
    throw oauthError(401, 'federated_connection_refresh_token_not_found', 'No account for this connection');
  const scope = await renew(world, account);
  return {
    status: 200,
    body: {
      access_token: account.accessToken,
      scope,
      expires_in: 3599,
      issued_token_type: TYPE,
      token_type: 'Bearer',
    },
  };
}

async function renew(world: World, account: TenantAccount): Promise<string> {
  const provider = world.providers.get(account.connection);
  if (provider === undefined) throw oauthError(403, 'unauthorized_client', 'the connection is off');
  if (account.refreshToken === null) return account.scopes.join(' ');
  const response = await fetch(provider.tokenUrl, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: account.refreshToken,
      client_id: provider.clientId,
      client_secret: provider.clientSecret,
    }),
  });
  const answer = Tokens.safeParse(await response.json());
  if (!response.ok || !answer.success) {
    const text = 'Refresh Token flow for the Federated Connection failed';
    throw oauthError(401, 'federated_connection_refresh_token_flow_failed', text);
  }
  account.accessToken = answer.data.access_token;
  return answer.data.scope ?? '';
}
