import { digestOf, isChallenge, isOwnForm, isRedirectTarget, randomSecret } from '../http/credentials.ts';
import { replyRedirect, type Incoming, type Reply } from '../http/exchange.ts';
import { replyConsentPage, replyErrorPage } from '../http/page.ts';
import type { Router } from '../http/router.ts';
import { describeScope, parseScopes } from './scopes.ts';
import type { Github } from './state.ts';
import { findUser, USERS } from './users.ts';

const PATH = '/login/oauth/authorize';
const CODE_LIFETIME_MS = 10 * 60_000;

/** The consent page: GET shows it, its own form posts back to the same address. */
export function addAuthorize(router: Router, github: Github): void {
  router.on('GET', PATH, (request) => {
    const problem = checkRequest(github, request);
    if (problem) return problem;
    const scopes = parseScopes(request.query.get('scope') ?? '');
    return replyConsentPage({
      provider: 'GitHub',
      app: 'AgentDesk',
      action: `${request.path}?${request.query.toString()}`,
      accounts: USERS.filter(({ signsIn }) => signsIn).map(({ login, name }) => ({
        id: login,
        label: `${login} (${name})`,
      })),
      chosen: findUser(request.query.get('login') ?? '')?.login ?? '',
      scopes: scopes.map((name) => ({ name, text: describeScope(name), fixed: true })),
    });
  });
  router.on('POST', PATH, (request) => {
    const problem = checkRequest(github, request);
    if (problem) return problem;
    if (!isOwnForm(request)) return block(403, 'forbidden', 'This form was sent by another site.');
    return decide(github, request);
  });
}

function block(status: number, error: string, text: string): Reply {
  return replyErrorPage('GitHub', status, error, text);
}

function checkRequest(github: Github, { query }: Incoming): Reply | null {
  if (query.get('client_id') !== github.store.state.clientId)
    return block(404, 'not_found', 'There is no such app.');
  if (!isRedirectTarget(query.get('redirect_uri') ?? '')) {
    return block(400, 'redirect_uri_mismatch', 'The redirect_uri is not one registered for this app.');
  }
  const challenge = query.get('code_challenge');
  if (challenge !== null && (query.get('code_challenge_method') !== 'S256' || !isChallenge(challenge))) {
    return block(400, 'invalid_request', 'The code challenge must be S256, 43 characters of base64url.');
  }
  return null;
}

function decide(github: Github, request: Incoming): Reply {
  const form = new URLSearchParams(request.body.toString('utf8'));
  const redirectUri = request.query.get('redirect_uri') ?? '';
  const state = request.query.get('state') ?? undefined;
  if (form.get('decision') !== 'allow') {
    const description = 'The user has denied your application access.';
    return replyRedirect(redirectUri, { error: 'access_denied', error_description: description, state });
  }
  const user = findUser(form.get('account') ?? '');
  if (!user?.signsIn) return block(400, 'invalid_request', 'Choose an account first.');
  const code = randomSecret('', 20).toLowerCase();
  const now = github.now().getTime();
  const { codes } = github.store.state;
  github.store.state.codes = [
    ...codes.filter(({ expiresAt }) => expiresAt > now),
    {
      digest: digestOf(code),
      login: user.login,
      redirectUri,
      scopes: parseScopes(request.query.get('scope') ?? ''),
      challenge: request.query.get('code_challenge'),
      expiresAt: now + CODE_LIFETIME_MS,
    },
  ];
  github.store.commit();
  return replyRedirect(redirectUri, { code, state });
}
