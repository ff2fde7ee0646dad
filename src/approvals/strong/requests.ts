import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { append } from '../../audit/append.ts';
import { digestOf } from '../../db/canonical.ts';
import type { Transaction } from '../../db/client.ts';
import { and, eq, isNull, sql } from '../../db/drizzle.ts';
import { factorRequests } from '../../db/schema/factors.ts';
import { DeskError } from '../../errors.ts';
import type { StrongDeps } from '../deps.ts';
import { findFactor, findFactorProblem, listFactors, nameKind, type Factor, type Owner } from './factors.ts';
import { readStrongReference } from './links.ts';
import { needRelyingParty, refuse } from './step.ts';
import type { Candidate } from './webauthn.ts';

export type FactorRequest = typeof factorRequests.$inferSelect;

/** Seconds a link to change passkeys is good for. */
const LINK_SECONDS = 900;

/**
 * A one-time request to make, remove or vouch for a passkey. Asking changes nothing: the page behind its link needs
 * the present passkey, or none to be there.
 * @param wish.factorId the passkey to remove or vouch for, or the beginning of its id
 * @param wish.isAdmin whether Slack says so, now
 * @throws DeskError `strong_unavailable`, `factor_unknown`, `factor_missing`, `factor_waiting`, `not_allowed`; each audited
 */
export async function requestFactorChange(
  deps: StrongDeps,
  owner: Owner,
  wish: { kind: FactorRequest['kind']; factorId: string | null; isAdmin: boolean },
): Promise<FactorRequest> {
  try {
    needRelyingParty(deps);
    const target =
      wish.factorId === null
        ? null
        : await findFactor(deps, deps.database.db, owner.workspaceId, wish.factorId);
    const problem = await findProblem(deps, owner, wish, target);
    if (problem !== null) throw problem;
    return await insert(deps, owner, wish.kind, target);
  } catch (error) {
    throw await recordFactorRefusal(deps, { ...owner, kind: wish.kind, factorId: null }, error);
  }
}

async function findProblem(
  deps: StrongDeps,
  owner: Owner,
  wish: { kind: FactorRequest['kind']; isAdmin: boolean },
  target: Factor | null,
): Promise<DeskError | null> {
  const own = await listFactors(deps, deps.database.db, owner);
  if (wish.kind === 'enrol') return own.length === 0 ? null : findFactorProblem(own);
  if (target === null) return new DeskError('factor_unknown');
  const isOwn = target.memberId === owner.memberId;
  if (target.kind === 'tenant' && wish.kind === 'remove')
    return new DeskError('not_allowed', {
      reason: 'a linked identity ends with the link, by /agentdesk link',
    });
  if (isOwn && wish.kind === 'remove') return null;
  if (isOwn)
    return new DeskError('not_allowed', { reason: `someone else has to vouch for your ${nameKind(target)}` });
  // Of what others have, nothing is told to who is no admin.
  if (!wish.isAdmin) return new DeskError('not_allowed', { reason: 'that is not yours' });
  if (wish.kind === 'vouch' && target.counts)
    return new DeskError('not_allowed', { reason: `that ${nameKind(target)} counts already` });
  return findFactorProblem(own);
}

async function insert(
  deps: StrongDeps,
  owner: Owner,
  kind: FactorRequest['kind'],
  target: Factor | null,
): Promise<FactorRequest> {
  const [row] = await deps.database.db
    .insert(factorRequests)
    .values({
      id: randomUUID(),
      workspaceId: owner.workspaceId,
      memberId: owner.memberId,
      kind,
      factorId: target?.id ?? null,
      expiresAt: sql`clock_timestamp() + make_interval(secs => ${LINK_SECONDS})`,
    })
    .returning();
  if (row === undefined) throw new DeskError('internal', { reference: 'factor request was not stored' });
  return row;
}

/**
 * The open request a link names.
 * @throws DeskError `strong_expired`
 */
export async function findFactorRequest(deps: StrongDeps, reference: string): Promise<FactorRequest> {
  const id = readStrongReference(deps, 'passkey', reference);
  const [row] = await deps.database.db
    .select()
    .from(factorRequests)
    .where(
      and(
        eq(factorRequests.id, id),
        isNull(factorRequests.usedAt),
        sql`${factorRequests.expiresAt} > clock_timestamp()`,
      ),
    );
  if (row === undefined) throw new DeskError('strong_expired');
  return row;
}

/**
 * Ties a request to the browser that begins it; from then on only that one goes on.
 * @param cookie what this browser holds, or null
 * @returns the cookie's value
 * @throws DeskError `strong_refused` when another browser began it
 */
export async function bindBrowser(
  deps: StrongDeps,
  request: FactorRequest,
  cookie: string | null,
): Promise<string> {
  if (request.browserHash !== null) return needBrowser(request, cookie);
  const value = randomBytes(32).toString('base64url');
  const [row] = await deps.database.db
    .update(factorRequests)
    .set({ browserHash: hash(value) })
    .where(and(eq(factorRequests.id, request.id), isNull(factorRequests.browserHash)))
    .returning({ id: factorRequests.id });
  if (row === undefined) throw otherBrowser();
  return value;
}

/** @throws DeskError `strong_refused` when another browser began it */
export function needBrowser(request: FactorRequest, cookie: string | null): string {
  const [given, expected] = [Buffer.from(hash(cookie ?? '')), Buffer.from(request.browserHash ?? '')];
  if (cookie === null || given.length !== expected.length || !timingSafeEqual(given, expected))
    throw otherBrowser();
  return cookie;
}

const otherBrowser = (): DeskError =>
  refuse('This link was opened in another browser; get a new one with /agentdesk passkey');

/** Uses a request up, in the transaction of what it did. @throws DeskError `strong_expired` */
export async function useUp(tx: Transaction, request: FactorRequest): Promise<void> {
  const [row] = await tx
    .update(factorRequests)
    .set({ usedAt: sql`clock_timestamp()`, candidate: null })
    .where(and(eq(factorRequests.id, request.id), isNull(factorRequests.usedAt)))
    .returning({ id: factorRequests.id });
  if (row === undefined) throw new DeskError('strong_expired');
}

/** What a passkey signs when it allows a change: who changes what, down to the key. */
export function digestChange(
  request: FactorRequest,
  target: Factor | null,
  candidate: Candidate | null,
): Buffer {
  return digestOf({
    v: 'agentdesk/passkey/1',
    request: request.id,
    kind: request.kind,
    workspace: request.workspaceId,
    member: request.memberId,
    target: target && { id: target.id, member: target.memberId, key: target.publicKey.toString('base64url') },
    candidate: candidate && { id: candidate.credentialId, key: candidate.publicKey },
  });
}

/** A refused change leaves its own event, committed by itself. @returns the error to throw */
export async function recordFactorRefusal(
  deps: StrongDeps,
  about: Pick<FactorRequest, 'workspaceId' | 'memberId' | 'kind' | 'factorId'>,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof DeskError)) return error;
  await deps.database.transaction((tx) =>
    append(tx, {
      workspaceId: about.workspaceId,
      type: 'factor.refused',
      actor: `member:${about.memberId}`,
      memberId: about.memberId,
      outcome: error.code,
      target: about.factorId,
      why: error.cause instanceof Error ? error.cause.message : error.message,
      detail: { kind: about.kind },
    }),
  );
  return error;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
