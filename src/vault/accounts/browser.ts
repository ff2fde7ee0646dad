import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { eq, sql } from '../../db/drizzle.ts';
import { connectRequests } from '../../db/schema/workspaces.ts';
import { DeskError } from '../../errors.ts';
import type { ConnectRequest, VaultDeps } from '../deps.ts';
import { refuseConnect } from './refuse.ts';

/** Unguessable: 256 bits, as base64url. */
export function drawSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of a secret of the flow. */
export function hashSecret(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Whether this is the browser which began the request. */
export function isSameBrowser(request: Pick<ConnectRequest, 'browserHash'>, cookie: string | null): boolean {
  const given = Buffer.from(hashSecret(cookie ?? ''));
  const expected = Buffer.from(request.browserHash ?? '');
  return cookie !== null && given.length === expected.length && timingSafeEqual(given, expected);
}

export interface Callback {
  readonly state: string;
  /** The cookie this browser holds for a request, by the request's id. */
  readonly cookieOf: (requestId: string) => string | null;
  /** Which way back it is: from Slack, or from the provider or tenant. */
  readonly status: 'proving' | 'authorizing';
}

/** A request whose provider already sent the browser back once. */
const RETURNED: readonly ConnectRequest['status'][] = [
  'completing',
  'confirming',
  'awaiting_admin',
  'awaiting_approval',
  'connected',
  'failed',
];

/**
 * Finds the request a callback belongs to: the state names it, the cookie must be of the browser that began it. From
 * the provider it may have come before, in the same browser: then the request is completing or ended.
 * @throws DeskError `connect_stale`, `connect_expired`, `connect_used`, `connect_elsewhere` (another browser; of a
 *   request under way it is the end, audited)
 */
export async function findByCallback(deps: VaultDeps, callback: Callback): Promise<ConnectRequest> {
  const { state, cookieOf, status } = callback;
  // One look: a second one could find it completed meanwhile, by another callback of the same browser.
  const [row] = await deps.database.db
    .select({ found: connectRequests, late: sql<boolean>`${connectRequests.expiresAt} <= clock_timestamp()` })
    .from(connectRequests)
    .where(eq(connectRequests.stateHash, hashSecret(state)));
  if (row === undefined) throw new DeskError('connect_stale');
  const { found, late } = row;
  const isOurs = isSameBrowser(found, cookieOf(found.id));
  if (found.status === status) {
    if (isOurs && late) throw new DeskError('connect_expired');
    if (isOurs) return found;
    throw await refuseConnect(deps, found, new DeskError('connect_elsewhere'), 'another browser');
  }
  if (status === 'proving' || !RETURNED.includes(found.status)) throw new DeskError('connect_stale');
  if (!isOurs) throw new DeskError('connect_used');
  return found;
}
