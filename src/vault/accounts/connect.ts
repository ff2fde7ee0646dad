import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { append } from '../../audit/append.ts';
import { and, eq, sql } from '../../db/drizzle.ts';
import { connectRequests } from '../../db/schema/workspaces.ts';
import { DeskError } from '../../errors.ts';
import type { ConnectRequest, VaultDeps } from '../deps.ts';
import { findSubject } from './members.ts';
import { startConnect } from './my-account.ts';
import { findLive } from './request.ts';

/** What binds the rest of the flow to the browser that posted the page. */
export interface Browser {
  /** Value of the cookie to set. */
  readonly cookie: string;
  readonly state: string;
  readonly nonce: string;
}

/**
 * A POST on the page consumes the link: from here on only this browser can go on. A GET never does, because
 * mail scanners and previews follow links.
 * @throws DeskError `connect_used` when another POST came first
 */
export async function beginConnect(deps: VaultDeps, request: ConnectRequest): Promise<Browser> {
  const browser = { cookie: random(), state: random(), nonce: random() };
  const [row] = await deps.database.db
    .update(connectRequests)
    .set({
      status: 'proving',
      browserHash: hash(browser.cookie),
      stateHash: hash(browser.state),
      nonce: browser.nonce,
    })
    .where(and(eq(connectRequests.id, request.id), eq(connectRequests.status, 'open')))
    .returning({ id: connectRequests.id });
  if (row === undefined) throw new DeskError('connect_used');
  return browser;
}

/**
 * Finds the request a callback belongs to: the state names it, the cookie must be of the browser that began it.
 * @throws DeskError `connect_expired`, `connect_identity` (another browser; audited)
 */
export async function findByCallback(
  deps: VaultDeps,
  callback: { state: string; cookie: string | null; status: 'proving' | 'authorizing' },
): Promise<ConnectRequest> {
  const [found] = await deps.database.db
    .select()
    .from(connectRequests)
    .where(
      and(eq(connectRequests.stateHash, hash(callback.state)), eq(connectRequests.status, callback.status)),
    );
  if (found === undefined) throw new DeskError('connect_expired');
  const given = Buffer.from(hash(callback.cookie ?? ''));
  const expected = Buffer.from(found.browserHash ?? '');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw await refuseConnect(deps, found, new DeskError('connect_identity'), 'another browser');
  }
  return findLive(deps, found.id);
}

/**
 * Sends the browser on to the provider, through the vault.
 * @param provedBy how the browser proved to be the member; null when the provider account itself must prove it
 * @returns the URL to redirect to
 */
export async function authorizeConnect(
  deps: VaultDeps,
  request: ConnectRequest,
  provedBy: 'slack' | null,
): Promise<string> {
  const subject = await findSubject(deps.database.db, request.workspaceId, request.memberId);
  if (subject === null) throw new DeskError('connect_failed', { problem: 'you are not linked yet' });
  const verifier = random();
  const state = random();
  const { authSession, url } = await startConnect(deps.vault, subject.subject, {
    connection: request.connection,
    redirectUri: callbackUrl(deps),
    state,
    scopes: request.scopes,
    codeChallenge: createHash('sha256').update(verifier).digest('base64url'),
  });
  const [row] = await deps.database.db
    .update(connectRequests)
    .set({
      status: 'authorizing',
      stateHash: hash(state),
      provedBy,
      sessionSealed: deps.keyring.seal(
        'connect-session',
        [request.id],
        JSON.stringify({ authSession, verifier }),
      ),
    })
    .where(and(eq(connectRequests.id, request.id), eq(connectRequests.status, 'proving')))
    .returning({ id: connectRequests.id });
  if (row === undefined) throw new DeskError('connect_used');
  return url;
}

/** Ends a request that must not go on; the refusal is audited. @returns the error to show */
export async function refuseConnect(
  deps: VaultDeps,
  request: ConnectRequest,
  error: DeskError,
  why: string,
): Promise<DeskError> {
  await deps.database.transaction(async (tx) => {
    await tx
      .update(connectRequests)
      .set({ status: 'failed', sessionSealed: null })
      .where(and(eq(connectRequests.id, request.id), sql`status not in ('connected', 'failed')`));
    await append(tx, {
      workspaceId: request.workspaceId,
      type: 'account.connect_refused',
      actor: `member:${request.memberId}`,
      memberId: request.memberId,
      target: request.connection,
      outcome: error.code,
      why,
      turnId: request.turnId,
      detail: { request: request.id },
    });
  });
  return error;
}

export function callbackUrl(deps: Pick<VaultDeps, 'publicUrl'>): string {
  return `${deps.publicUrl}/connect/callback`;
}

function random(): string {
  return randomBytes(32).toString('base64url');
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
