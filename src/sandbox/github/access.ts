import { digestOf, readBearer } from '../http/credentials.ts';
import type { Incoming } from '../http/exchange.ts';
import { refuse } from './errors.ts';
import { hasScope } from './scopes.ts';
import { fullNameOf, type Github, type Repository, type Role, type Token } from './state.ts';

export interface Viewer {
  /** Null for a request without a token. */
  readonly login: string | null;
  readonly scopes: readonly string[];
}

export function findToken(github: Github, secret: string): Token | null {
  const digest = digestOf(secret);
  return github.store.state.tokens.find((token) => token.digest === digest) ?? null;
}

/** @throws Refusal 401 `Bad credentials` for a token that is none (any more) */
export function readViewer(github: Github, request: Incoming): Viewer {
  const secret = readBearer(request);
  if (secret === null && request.headers.authorization === undefined) return { login: null, scopes: [] };
  const token = secret === null ? null : findToken(github, secret);
  if (!token) throw refuse(401, 'Bad credentials');
  return token;
}

/** @throws Refusal 401 */
export function requireLogin(viewer: Viewer): string {
  if (viewer.login === null) throw refuse(401, 'Requires authentication');
  return viewer.login;
}

export function roleOf(repository: Repository, login: string | null): Role | null {
  return (login !== null && repository.roles[login]) || null;
}

export function canPush(repository: Repository, login: string | null): boolean {
  const role = roleOf(repository, login);
  return role === 'admin' || role === 'push';
}

/** Private repositories need a role and the scope `repo`. */
export function canRead(repository: Repository, viewer: Viewer): boolean {
  if (!repository.isPrivate) return true;
  return roleOf(repository, viewer.login) !== null && hasScope(viewer.scopes, 'repo');
}

/** @throws Refusal 404 for a repository that is not there, and for a private one the viewer may not know of */
export function requireRepository(github: Github, request: Incoming, viewer: Viewer): Repository {
  const name = `${request.params['owner'] ?? ''}/${request.params['repo'] ?? ''}`.toLowerCase();
  const repository = github.store.state.repositories.find(
    (entry) => fullNameOf(entry).toLowerCase() === name,
  );
  if (!repository || !canRead(repository, viewer)) throw refuse(404, 'Not Found');
  return repository;
}

/**
 * The login a write is made by.
 * @throws Refusal 401 without a token, 403 when the token's scopes do not allow writing there
 */
export function requireWriter(repository: Repository, viewer: Viewer): string {
  const login = requireLogin(viewer);
  if (!hasScope(viewer.scopes, repository.isPrivate ? 'repo' : 'public_repo')) {
    throw refuse(403, 'Resource not accessible: the token lacks a required scope.');
  }
  return login;
}
