import { SECOND_TEAM, TEAM } from '../seed.ts';
import type { User } from '../world.ts';
import type { Codes, Grant } from './codes.ts';
import { choicePage, problemPage } from './pages.ts';

/** An answer to a browser. */
export interface Page {
  readonly status: number;
  readonly html?: string;
  readonly location?: string;
}

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\]|.+\.localhost)$/;

interface Authorize {
  readonly kind: Grant['kind'];
  readonly query: URLSearchParams;
  /** What the form was answered with; null while the page is only shown. */
  readonly form: URLSearchParams | null;
  readonly users: readonly User[];
  readonly clientId: string;
  readonly codes: Codes;
}

function findProblem({ kind, query, clientId }: Authorize): string | null {
  const redirect = query.get('redirect_uri') ?? '';
  if (query.get('client_id') !== clientId) return 'client_id is not the one of this app.';
  if (!URL.canParse(redirect) || !LOOPBACK.test(new URL(redirect).hostname)) {
    return 'redirect_uri did not match any configured URI: in the sandbox it must be on this machine.';
  }
  const scope = query.get('scope') ?? '';
  if (scope === '' && (query.get('user_scope') ?? '') === '') return 'scope is missing.';
  if (kind === 'sign-in' && !scope.split(/[ ,]+/).includes('openid')) return 'scope must contain openid.';
  if (kind === 'sign-in' && query.get('response_type') !== 'code') return 'response_type must be code.';
  const method = query.get('code_challenge_method');
  if (query.has('code_challenge') && method !== 'S256') return 'code_challenge_method must be S256.';
  return null;
}

/**
 * The page a person meets at `/openid/connect/authorize` and `/oauth/v2/authorize`. The sandbox has no login:
 * the page asks who this browser is. `?user=U…` chooses already; the answer is still a POST.
 */
export function authorize(request: Authorize): Page {
  const { kind, query, form, users, codes } = request;
  const problem = findProblem(request);
  if (problem !== null) return { status: 400, html: problemPage(problem) };
  const people = users.filter((user) => !user.isBot && !user.deleted);
  if (form === null) {
    const teams = kind === 'install' ? [TEAM, SECOND_TEAM] : [TEAM];
    return { status: 200, html: choicePage({ kind, people, teams, chosen: query.get('user') }) };
  }
  const target = new URL(query.get('redirect_uri') ?? '');
  const state = query.get('state');
  if (state !== null) target.searchParams.set('state', state);
  const user = people.find((one) => one.id === form.get('user'));
  if (form.get('answer') === 'cancel' || user === undefined) {
    target.searchParams.set('error', 'access_denied');
    return { status: 302, location: target.href };
  }
  const code = codes.issue({
    kind,
    userId: user.id,
    teamId: form.get('team') === SECOND_TEAM.id ? SECOND_TEAM.id : TEAM.id,
    clientId: request.clientId,
    redirectUri: query.get('redirect_uri') ?? '',
    scope: query.get('scope') ?? '',
    nonce: query.get('nonce'),
    challenge: query.get('code_challenge'),
  });
  target.searchParams.set('code', code);
  return { status: 302, location: target.href };
}
