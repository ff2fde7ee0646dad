import { isSame, readBasic } from '../http/credentials.ts';
import { parseJsonObject } from '../http/body.ts';
import { replyEmpty, replyJson, type Incoming } from '../http/exchange.ts';
import type { Router } from '../http/router.ts';
import { findToken } from './access.ts';
import { refuse, refuseInvalid } from './errors.ts';
import { renderUser } from './render.ts';
import type { Github, Token } from './state.ts';

const APPLICATION = '/applications/{clientId}';

/** Checking and revoking tokens as the app itself: https://docs.github.com/rest/apps/oauth-applications */
export function addApplications(router: Router, github: Github): void {
  router.on('POST', `${APPLICATION}/token`, (request) => {
    const { token, secret } = requireToken(github, request);
    return replyJson(200, {
      id: token.id,
      url: `${request.origin}/authorizations/${token.id}`,
      scopes: token.scopes,
      token: secret,
      token_last_eight: token.lastEight,
      app: { client_id: github.store.state.clientId, name: 'AgentDesk', url: request.origin },
      note: null,
      created_at: token.createdAt,
      expires_at: null,
      user: renderUser(token.login, request.origin),
    });
  });
  router.on('DELETE', `${APPLICATION}/token`, (request) => {
    const { token } = requireToken(github, request);
    github.store.state.tokens = github.store.state.tokens.filter((entry) => entry !== token);
    github.store.commit({ kind: 'access.revoked', detail: token.login });
    return replyEmpty(204);
  });
  router.on('DELETE', `${APPLICATION}/grant`, (request) => {
    revokeAll(github, requireToken(github, request).token.login);
    return replyEmpty(204);
  });
}

/** Ends every token a person gave the app. */
export function revokeAll(github: Github, login: string): void {
  const { state } = github.store;
  state.tokens = state.tokens.filter((token) => token.login !== login);
  state.codes = state.codes.filter((code) => code.login !== login);
  github.store.commit({ kind: 'access.revoked', detail: login });
}

/** @throws Refusal 401 for a wrong client, 404 for a token it does not own, 422 without one */
function requireToken(github: Github, request: Incoming): { token: Token; secret: string } {
  const { clientId, clientSecret } = github.store.state;
  const basic = readBasic(request);
  if (basic?.clientId !== clientId || !isSame(basic.clientSecret, clientSecret))
    throw refuse(401, 'Bad credentials');
  if (request.params['clientId'] !== clientId) throw refuse(404, 'Not Found');
  const secret = parseJsonObject(request.body)?.['access_token'];
  if (typeof secret !== 'string') {
    throw refuseInvalid({ resource: 'OauthAccess', field: 'access_token', code: 'missing_field' });
  }
  const token = findToken(github, secret);
  if (!token) throw refuse(404, 'Not Found');
  return { token, secret };
}
