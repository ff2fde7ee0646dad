import { digestOf } from '../http/credentials.ts';
import { parseParams } from '../http/body.ts';
import { replyJson, type Handler } from '../http/exchange.ts';
import type { Router } from '../http/router.ts';
import { findBearer } from './access.ts';
import { identityClaims } from './id-token.ts';
import type { Google } from './state.ts';

/** Userinfo and revocation. */
export function addAccount(router: Router, google: Google): void {
  const userinfo: Handler = (request) => {
    const bearer = findBearer(google, request);
    if (!bearer) {
      return replyJson(
        401,
        { error: 'invalid_request', error_description: 'Invalid Credentials' },
        { 'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_request"' },
      );
    }
    return replyJson(200, { sub: bearer.person.sub, ...identityClaims(bearer.person, bearer.scopes) });
  };
  for (const path of ['/oauth2/v3/userinfo', '/v1/userinfo']) {
    router.on('GET', path, userinfo);
    router.on('POST', path, userinfo);
  }
  router.on('POST', '/revoke', (request) => {
    const secret = parseParams(request).get('token') ?? request.query.get('token') ?? '';
    const digest = digestOf(secret);
    const token = google.store.state.tokens.find((entry) => entry.digest === digest);
    if (!token)
      return replyJson(400, { error: 'invalid_token', error_description: 'Token expired or revoked' });
    revokeAll(google, token.email);
    return replyJson(200, {});
  });
}

/**
 * Ends everything a person granted: revoking either kind of token removes the whole grant at Google.
 * https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke
 */
export function revokeAll(google: Google, email: string): void {
  const { state } = google.store;
  state.tokens = state.tokens.filter((token) => token.email !== email);
  state.codes = state.codes.filter((code) => code.email !== email);
  state.grants = Object.fromEntries(Object.entries(state.grants).filter(([granter]) => granter !== email));
  google.store.commit({ kind: 'access.revoked', detail: email });
}

/** Makes every access token run out now; refresh tokens stay. */
export function expireAccessTokens(google: Google): void {
  const { state } = google.store;
  state.tokens = state.tokens.filter(({ kind }) => kind === 'refresh');
  google.store.commit();
}
