import { digestOf, isChallenge, isOwnForm, isRedirectTarget, randomSecret } from '../http/credentials.ts';
import { replyRedirect, type Incoming, type Reply } from '../http/exchange.ts';
import { replyConsentPage, replyErrorPage } from '../http/page.ts';
import type { Router } from '../http/router.ts';
import { findPerson, PEOPLE } from './people.ts';
import { describeScope, isIdentityScope, parseScopes } from './scopes.ts';
import type { Google } from './state.ts';

const CODE_LIFETIME_MS = 10 * 60_000;

interface Asked {
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly scopes: readonly string[];
  readonly prompt: readonly string[];
}

/** The consent page: GET shows it, its own form posts back to the same address. */
export function addAuthorize(router: Router, google: Google): void {
  router.on('GET', '/o/oauth2/v2/auth', (request) => {
    const asked = checkRequest(google, request);
    if ('status' in asked) return asked;
    // Nobody is signed in to this Google, so nothing can be granted without showing the page.
    if (asked.prompt.includes('none')) return redirectError(asked, 'interaction_required');
    const hint = findPerson(request.query.get('login_hint') ?? '');
    return replyConsentPage({
      provider: 'Google',
      app: 'AgentDesk',
      action: `${request.path}?${request.query.toString()}`,
      accounts: PEOPLE.filter(({ signsIn }) => signsIn).map(({ email, name }) => ({
        id: email,
        label: `${name} (${email})`,
      })),
      chosen: hint?.email ?? '',
      scopes: asked.scopes.map((name) => ({ name, text: describeScope(name), fixed: isIdentityScope(name) })),
    });
  });
  router.on('POST', '/o/oauth2/v2/auth', (request) => {
    const asked = checkRequest(google, request);
    if ('status' in asked) return asked;
    if (!isOwnForm(request))
      return replyErrorPage('Google', 403, 'forbidden', 'This form was sent by another site.');
    return decide(google, request, asked);
  });
}

function checkRequest(google: Google, request: Incoming): Asked | Reply {
  const { query } = request;
  const block = (status: number, error: string, text: string): Reply =>
    replyErrorPage('Google', status, error, text);
  if (query.get('client_id') !== google.store.state.clientId) {
    return block(401, 'invalid_client', 'The OAuth client was not found.');
  }
  const redirectUri = query.get('redirect_uri') ?? '';
  if (!isRedirectTarget(redirectUri)) {
    return block(400, 'redirect_uri_mismatch', 'The redirect URI is not one registered for this client.');
  }
  const { scopes, unknown } = parseScopes(query.get('scope') ?? '');
  if (scopes.length === 0) return block(400, 'invalid_request', 'Missing required parameter: scope');
  if (unknown.length > 0)
    return block(400, 'invalid_scope', `Some requested scopes were invalid: ${unknown.join(' ')}`);
  if (query.get('response_type') !== 'code')
    return block(400, 'unsupported_response_type', 'Only the code flow is here.');
  const challenge = query.get('code_challenge');
  if (challenge !== null && (query.get('code_challenge_method') !== 'S256' || !isChallenge(challenge))) {
    return block(400, 'invalid_request', 'The code challenge must be S256, 43 characters of base64url.');
  }
  const prompt = (query.get('prompt') ?? '').split(' ').filter(Boolean);
  return { redirectUri, state: query.get('state') ?? undefined, scopes, prompt };
}

function redirectError(asked: Asked, error: string): Reply {
  return replyRedirect(asked.redirectUri, { error, state: asked.state });
}

function decide(google: Google, request: Incoming, asked: Asked): Reply {
  const form = new URLSearchParams(request.body.toString('utf8'));
  if (form.get('decision') !== 'allow') return redirectError(asked, 'access_denied');
  const person = findPerson(form.get('account') ?? '');
  if (!person?.signsIn) return replyErrorPage('Google', 400, 'invalid_request', 'Choose an account first.');
  const ticked = form.getAll('scope');
  const granted = asked.scopes.filter(
    (scope) => form.get('chooses') !== 'yes' || isIdentityScope(scope) || ticked.includes(scope),
  );
  if (granted.length === 0) return redirectError(asked, 'access_denied');
  const { state } = google.store;
  const earlier = state.grants[person.email] ?? [];
  const scopes =
    request.query.get('include_granted_scopes') === 'true' ? [...new Set([...granted, ...earlier])] : granted;
  // A refresh token comes with the first consent; afterwards only when consent is asked for again.
  const consents = earlier.length === 0 || asked.prompt.includes('consent');
  const code = randomSecret('4/0');
  const now = google.now().getTime();
  state.codes = state.codes.filter(({ expiresAt }) => expiresAt > now);
  state.codes.push({
    digest: digestOf(code),
    email: person.email,
    redirectUri: asked.redirectUri,
    scopes,
    challenge: request.query.get('code_challenge'),
    nonce: request.query.get('nonce'),
    refreshable: request.query.get('access_type') === 'offline' && consents,
    expiresAt: now + CODE_LIFETIME_MS,
    used: false,
  });
  google.store.commit();
  return replyRedirect(asked.redirectUri, {
    state: asked.state,
    code,
    scope: scopes.join(' '),
    authuser: '0',
    prompt: asked.prompt.join(' ') || 'consent',
  });
}
