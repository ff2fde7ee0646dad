import { digestOf, isSame, isVerifierOf, randomSecret, readBasic } from '../http/credentials.ts';
import { parseParams } from '../http/body.ts';
import { Refusal, replyJson, type Incoming, type Reply } from '../http/exchange.ts';
import type { Router } from '../http/router.ts';
import { signIdToken } from './id-token.ts';
import { findPerson } from './people.ts';
import { parseScopes } from './scopes.ts';
import type { Google, Token } from './state.ts';

const ACCESS_LIFETIME_SECONDS = 3599;

/** `/token`: authorization_code and refresh_token, client in the body or as Basic. */
export function addToken(router: Router, google: Google): void {
  router.on('POST', '/token', (request) => {
    const params = parseParams(request);
    checkClient(google, request, params);
    const grantType = params.get('grant_type') ?? '';
    if (grantType === 'authorization_code') return exchangeCode(google, params);
    if (grantType === 'refresh_token') return refresh(google, params);
    throw refuseGrant(400, 'unsupported_grant_type', `Invalid grant_type: ${grantType}`);
  });
}

function refuseGrant(status: number, error: string, description: string): Refusal {
  return new Refusal(
    replyJson(status, { error, error_description: description }, { 'cache-control': 'no-store' }),
  );
}

function checkClient(google: Google, request: Incoming, params: URLSearchParams): void {
  const basic = readBasic(request);
  const clientId = basic?.clientId ?? params.get('client_id') ?? '';
  const clientSecret = basic?.clientSecret ?? params.get('client_secret') ?? '';
  if (clientId !== google.store.state.clientId) {
    throw refuseGrant(401, 'invalid_client', 'The OAuth client was not found.');
  }
  if (!isSame(clientSecret, google.store.state.clientSecret)) {
    throw refuseGrant(401, 'invalid_client', 'The provided client secret is invalid.');
  }
}

function exchangeCode(google: Google, params: URLSearchParams): Reply {
  const { state } = google.store;
  const digest = digestOf(params.get('code') ?? '');
  const code = state.codes.find((entry) => entry.digest === digest);
  if (!code) throw refuseGrant(400, 'invalid_grant', 'Malformed auth code.');
  if (code.used || code.expiresAt <= google.now().getTime())
    throw refuseGrant(400, 'invalid_grant', 'Bad Request');
  if (params.get('redirect_uri') !== code.redirectUri)
    throw refuseGrant(400, 'redirect_uri_mismatch', 'Bad Request');
  const verifier = params.get('code_verifier');
  if (code.challenge !== null) {
    if (!verifier) throw refuseGrant(400, 'invalid_grant', 'Missing code verifier.');
    if (!isVerifierOf(verifier, code.challenge))
      throw refuseGrant(400, 'invalid_grant', 'Invalid code verifier.');
  }
  code.used = true;
  const earlier = state.grants[code.email] ?? [];
  state.grants[code.email] = [...new Set([...earlier, ...code.scopes])];
  const refreshToken = code.refreshable ? randomSecret('1//0', 60) : undefined;
  if (refreshToken)
    addStoredToken(google, refreshToken, { kind: 'refresh', email: code.email, scopes: code.scopes });
  return replyTokens(google, code.email, code.scopes, { refreshToken, nonce: code.nonce });
}

function refresh(google: Google, params: URLSearchParams): Reply {
  const digest = digestOf(params.get('refresh_token') ?? '');
  const token = google.store.state.tokens.find(
    (entry) => entry.kind === 'refresh' && entry.digest === digest,
  );
  if (!token) throw refuseGrant(400, 'invalid_grant', 'Token has been expired or revoked.');
  const asked = parseScopes(params.get('scope') ?? '').scopes;
  const excess = asked.filter((scope) => !token.scopes.includes(scope));
  if (excess.length > 0)
    throw refuseGrant(400, 'invalid_scope', `Some requested scopes were invalid: ${excess.join(' ')}`);
  return replyTokens(google, token.email, asked.length > 0 ? asked : token.scopes, { nonce: null });
}

function addStoredToken(google: Google, secret: string, facts: Omit<Token, 'digest' | 'expiresAt'>): void {
  const now = google.now().getTime();
  const { state } = google.store;
  state.tokens = state.tokens.filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
  const expiresAt = facts.kind === 'access' ? now + ACCESS_LIFETIME_SECONDS * 1000 : null;
  state.tokens.push({ ...facts, digest: digestOf(secret), expiresAt });
}

function replyTokens(
  google: Google,
  email: string,
  scopes: readonly string[],
  extra: { readonly refreshToken?: string | undefined; readonly nonce: string | null },
): Reply {
  const person = findPerson(email);
  if (!person) throw refuseGrant(400, 'invalid_grant', 'Account has been deleted');
  const accessToken = randomSecret('ya29.', 60);
  addStoredToken(google, accessToken, { kind: 'access', email, scopes });
  google.store.commit();
  const idToken = scopes.includes('openid')
    ? signIdToken(google, {
        person,
        scopes,
        accessToken,
        nonce: extra.nonce,
        lifetime: ACCESS_LIFETIME_SECONDS,
      })
    : undefined;
  return replyJson(
    200,
    {
      access_token: accessToken,
      expires_in: ACCESS_LIFETIME_SECONDS,
      refresh_token: extra.refreshToken,
      scope: scopes.join(' '),
      token_type: 'Bearer',
      id_token: idToken,
    },
    { 'cache-control': 'no-store', pragma: 'no-cache' },
  );
}
