import { digestOf, isSame, isVerifierOf, randomSecret, readBasic } from '../http/credentials.ts';
import { parseParams } from '../http/body.ts';
import { replyJson, type Incoming, type Reply } from '../http/exchange.ts';
import type { Router } from '../http/router.ts';
import { formatSecond, nextId, type Github } from './state.ts';

const HELP = '/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors';

/**
 * `/login/oauth/access_token`. Errors come with status 200, in the format Accept asks for (form-encoded
 * by default): https://docs.github.com/apps/oauth-apps/maintaining-oauth-apps
 */
export function addAccessToken(router: Router, github: Github): void {
  router.on('POST', '/login/oauth/access_token', (request) => format(request, exchange(github, request)));
}

function format(request: Incoming, answer: Record<string, string>): Reply {
  const accept = request.headers.accept ?? '';
  if (accept.includes('json')) return replyJson(200, answer, { 'cache-control': 'no-store' });
  const headers = {
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    'cache-control': 'no-store',
  };
  return { status: 200, headers, body: new URLSearchParams(answer).toString() };
}

function problem(error: string, description: string): Record<string, string> {
  return { error, error_description: description, error_uri: `${HELP}/#${error.replaceAll('_', '-')}` };
}

function exchange(github: Github, request: Incoming): Record<string, string> {
  const { state } = github.store;
  const params = parseParams(request);
  const basic = readBasic(request);
  const clientId = basic?.clientId ?? params.get('client_id') ?? '';
  const clientSecret = basic?.clientSecret ?? params.get('client_secret') ?? '';
  if (clientId !== state.clientId || !isSame(clientSecret, state.clientSecret)) {
    return problem(
      'incorrect_client_credentials',
      'The client_id and/or client_secret passed are incorrect.',
    );
  }
  const digest = digestOf(params.get('code') ?? '');
  const code = state.codes.find((entry) => entry.digest === digest);
  const bad = problem('bad_verification_code', 'The code passed is incorrect or expired.');
  if (!code || code.expiresAt <= github.now().getTime()) return bad;
  const redirectUri = params.get('redirect_uri');
  if (redirectUri !== null && redirectUri !== code.redirectUri) {
    const text = 'The redirect_uri MUST match the registered callback URL for this application.';
    return problem('redirect_uri_mismatch', text);
  }
  if (code.challenge !== null && !isVerifierOf(params.get('code_verifier') ?? '', code.challenge)) return bad;
  const secret = randomSecret('gho_');
  state.codes = state.codes.filter((entry) => entry !== code);
  state.tokens.push({
    id: nextId(state),
    digest: digestOf(secret),
    lastEight: secret.slice(-8),
    login: code.login,
    scopes: code.scopes,
    createdAt: formatSecond(github.now()),
  });
  github.store.commit();
  return { access_token: secret, scope: code.scopes.join(','), token_type: 'bearer' };
}
