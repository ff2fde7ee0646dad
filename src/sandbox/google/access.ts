import { digestOf, readBearer } from '../http/credentials.ts';
import type { Incoming } from '../http/exchange.ts';
import { refuseScope, refuseToken } from './errors.ts';
import { findPerson } from './people.ts';
import type { Google, Person } from './state.ts';

/** Who a bearer token speaks for and what it may; null when it is unknown, revoked or run out. */
export function findBearer(
  google: Google,
  request: Incoming,
): { person: Person; scopes: readonly string[] } | null {
  const bearer = readBearer(request);
  if (bearer === null) return null;
  const digest = digestOf(bearer);
  const token = google.store.state.tokens.find((entry) => entry.kind === 'access' && entry.digest === digest);
  const person = token && findPerson(token.email);
  if (!person || (token.expiresAt ?? 0) <= google.now().getTime()) return null;
  return { person, scopes: token.scopes };
}

/**
 * The person a call is made for.
 * @param accepted any one of these scopes is enough
 * @throws Refusal 401 `authError`, 403 `insufficientPermissions`
 */
export function requireAccess(
  google: Google,
  request: Incoming,
  api: 'calendar' | 'gmail',
  accepted: readonly string[],
): Person & { readonly scopes: readonly string[] } {
  const bearer = findBearer(google, request);
  if (!bearer) throw refuseToken(api);
  if (!accepted.some((scope) => bearer.scopes.includes(scope))) throw refuseScope(api, accepted);
  return { ...bearer.person, scopes: bearer.scopes };
}
