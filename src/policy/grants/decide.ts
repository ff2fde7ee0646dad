import { consumeApproval } from '../../approvals/consume.ts';
import type { Approval, ApprovalDeps } from '../../approvals/deps.ts';
import { proveDecided } from '../../approvals/prove-decided.ts';
import { wakeWaiter } from '../../approvals/wake.ts';
import { append } from '../../audit/append.ts';
import type { Transaction } from '../../db/client.ts';
import { and, eq, sql } from '../../db/drizzle.ts';
import type { Jobs } from '../../db/jobs.ts';
import { approvals } from '../../db/schema/calls.ts';
import { grants } from '../../db/schema/grants.ts';
import { DeskError } from '../../errors.ts';
import { digestGrant, GRANT_ACTION } from './digest.ts';
import { toGrant, type Grant } from './types.ts';

/**
 * What the end of an approval means for the grant it is about, in the transaction that decided it. An approved one
 * counts later, once it is proved.
 */
export async function applyGrantDecision(
  tx: Transaction,
  jobs: Pick<Jobs, 'wake'>,
  approval: Approval,
): Promise<void> {
  if (approval.status === 'pending') return;
  if (approval.status !== 'approved')
    await reject(
      tx,
      approval,
      new DeskError('grant_refused', { reason: `it was ${approval.status}` }),
      false,
    );
  await wakeWaiter(tx, jobs, approval);
}

/**
 * Carries a decided grant on: the click goes to the authority, an approved grant is proved and counts from then on.
 * Harmless to repeat.
 * @returns the approval, or null when there is nothing to do yet (undecided, or the second device is awaited)
 * @throws DeskError `vault_unreachable` when the authority does not answer (try again later)
 */
export async function finishGrant(deps: ApprovalDeps, approval: Approval): Promise<Approval | null> {
  const standing = await proveDecided(deps, approval);
  if (standing === 'waits') return null;
  if (standing === 'over') return read(deps, approval.id);
  await deps.database.transaction(async (tx) => {
    const [row] = await tx
      .select()
      .from(grants)
      .where(eq(grants.id, approval.grantId ?? ''))
      .for('update');
    if (row?.status !== 'pending') return;
    const refused = await consumeApproval(tx, deps, subjectOf(toGrant(row)));
    if (refused === null) await activate(tx, row, approval);
    else await reject(tx, approval, refused.error, refused.attack);
  });
  return read(deps, approval.id);
}

/** What the approval of a grant has to be of. */
export function subjectOf(grant: Grant) {
  const { id, workspaceId, memberId, code, policyVersion, tier } = grant;
  return {
    about: { grantId: id },
    workspaceId,
    memberId,
    digest: digestGrant(grant),
    code,
    action: GRANT_ACTION,
    policyVersion,
    tier,
  };
}

async function activate(
  tx: Transaction,
  { id, workspaceId, memberId, code, agent, action, sentence }: typeof grants.$inferSelect,
  approval: Approval,
): Promise<void> {
  await tx
    .update(grants)
    .set({ status: 'active', activatedAt: sql`clock_timestamp()` })
    .where(eq(grants.id, id));
  await append(tx, {
    workspaceId,
    type: 'grant.activated',
    actor: 'desk',
    memberId,
    agent,
    action,
    target: sentence,
    outcome: 'active',
    call: { id: null, code },
    detail: { grant: id, approval: approval.id },
  });
}

async function reject(tx: Transaction, approval: Approval, why: DeskError, attack: boolean): Promise<void> {
  const [row] = await tx
    .update(grants)
    .set({ status: 'rejected', endedAt: sql`clock_timestamp()`, endedWhy: why.message })
    .where(and(eq(grants.id, approval.grantId ?? ''), eq(grants.status, 'pending')))
    .returning();
  if (row === undefined) return;
  await append(tx, {
    workspaceId: row.workspaceId,
    type: 'grant.refused',
    actor: approval.decidedBy === null ? 'desk' : `member:${approval.decidedBy}`,
    memberId: row.memberId,
    agent: row.agent,
    action: row.action,
    target: row.sentence,
    outcome: why.code,
    why: approval.reason ?? why.message,
    call: { id: null, code: row.code },
    detail: { grant: row.id, approval: approval.id, attack },
  });
}

async function read(deps: ApprovalDeps, approvalId: string): Promise<Approval | null> {
  const [row] = await deps.database.db.select().from(approvals).where(eq(approvals.id, approvalId));
  return row ?? null;
}
