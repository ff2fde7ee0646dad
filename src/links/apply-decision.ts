import type { Approval } from '../approvals/deps.ts';
import { wakeWaiter } from '../approvals/wake.ts';
import { append } from '../audit/append.ts';
import type { Transaction } from '../db/client.ts';
import { and, eq } from '../db/drizzle.ts';
import type { Jobs } from '../db/jobs.ts';
import { connectRequests } from '../db/schema/workspaces.ts';
import { resumeTurn } from '../vault/accounts/resume.ts';

/**
 * What the end of an approval means for the link it is about, in the transaction that decided it. An approved one is
 * made later, once it is proved.
 */
export async function applyRelinkDecision(
  tx: Transaction,
  jobs: Pick<Jobs, 'wake'>,
  approval: Approval,
): Promise<void> {
  if (approval.status === 'pending') return;
  if (approval.status !== 'approved') {
    await endRelink(tx, jobs, approval, approval.status, approval.reason);
  }
  await wakeWaiter(tx, jobs, approval);
}

/** Ends a link that is not made; the refresh token that came with it is forgotten at the tenant later. */
export async function endRelink(
  tx: Transaction,
  jobs: Pick<Jobs, 'wake'>,
  approval: Approval,
  outcome: string,
  why: string | null,
): Promise<void> {
  const [ended] = await tx
    .update(connectRequests)
    .set({ status: 'failed' })
    .where(
      and(
        eq(connectRequests.id, approval.linkRequestId ?? ''),
        eq(connectRequests.status, 'awaiting_approval'),
      ),
    )
    .returning();
  if (ended === undefined) return;
  await append(tx, {
    workspaceId: ended.workspaceId,
    type: 'link.refused',
    actor: approval.decidedBy === null ? 'desk' : `member:${approval.decidedBy}`,
    memberId: ended.memberId,
    target: ended.connection,
    outcome,
    why,
    call: { id: null, code: approval.code },
    turnId: ended.turnId,
    detail: { request: ended.id },
  });
  await resumeTurn(tx, { jobs }, ended.turnId);
}
