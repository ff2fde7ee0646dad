import type { CallApproval } from '../approvals/deps.ts';
import type { Transaction } from '../db/client.ts';
import { and, eq, ne, sql } from '../db/drizzle.ts';
import { approvals } from '../db/schema/calls.ts';
import { turns } from '../db/schema/conversations.ts';
import type { Jobs } from '../db/jobs.ts';
import { enqueueWork } from '../db/work.ts';
import { DeskError } from '../errors.ts';
import { MAX_PENDING } from './propose-gates.ts';
import { moveCall, type TransitionName } from './transitions.ts';

const MOVES: Readonly<Record<Exclude<CallApproval['status'], 'pending'>, TransitionName>> = {
  approved: 'approve',
  denied: 'deny',
  expired: 'expire',
  cancelled: 'cancel',
  superseded: 'supersede',
};

/**
 * What the end of an approval means for its call; runs in the transaction that decided it, and wakes the turn that
 * waits, and the member's other turns whose calls queue for a free place.
 */
export async function applyDecision(
  tx: Transaction,
  jobs: Pick<Jobs, 'wake'>,
  approval: CallApproval,
): Promise<void> {
  if (approval.status === 'pending') return;
  // Expired or discarded after a click, it was not the one who clicked that ended it.
  const byClick = approval.status === 'approved' || approval.status === 'denied' || approval.click === null;
  const byDesk = approval.decidedBy === null || approval.status === 'expired' || !byClick;
  const actor = byDesk ? 'desk' : `member:${approval.decidedBy}`;
  const end = describeEnd(approval);
  await moveCall(
    tx,
    MOVES[approval.status],
    approval.callId,
    approval.status === 'approved'
      ? { executeBy: approval.executeBy }
      : {
          errorCode: end.code,
          errorMessage: end.message,
          settledAt: sql`clock_timestamp()`,
        },
    { actor, why: approval.reason, detail: { approval: approval.id, tier: approval.tier } },
  );
  const { workspaceId, conversationId, turnId } = approval;
  await enqueueWork(tx, jobs, { workspaceId, conversationId, turnId, kind: 'resume' });
  await wakeQueued(tx, jobs, approval);
}

/** A place got free: other turns of the member may have calls that wait for one. */
async function wakeQueued(tx: Transaction, jobs: Pick<Jobs, 'wake'>, approval: CallApproval): Promise<void> {
  const { workspaceId, memberId } = approval;
  const open = await tx
    .select({ id: approvals.id })
    .from(approvals)
    .where(
      and(
        eq(approvals.workspaceId, workspaceId),
        eq(approvals.memberId, memberId),
        eq(approvals.status, 'pending'),
      ),
    )
    .limit(MAX_PENDING);
  if (open.length < MAX_PENDING - 1) return;
  const waiting = await tx
    .select()
    .from(turns)
    .where(
      and(
        eq(turns.workspaceId, workspaceId),
        eq(turns.memberId, memberId),
        eq(turns.status, 'waiting'),
        ne(turns.id, approval.turnId),
      ),
    )
    .limit(50);
  for (const { id, conversationId } of waiting) {
    await enqueueWork(tx, jobs, { workspaceId, conversationId, turnId: id, kind: 'resume' });
  }
}

function describeEnd(approval: CallApproval): DeskError {
  switch (approval.status) {
    case 'denied':
      return new DeskError('denied_by_person', {
        reason: approval.reason === null || approval.reason === '' ? '' : `: ${approval.reason}`,
      });
    case 'expired':
      // Decided and expired all the same: the second device did not answer.
      return new DeskError(approval.decidedBy === null ? 'approval_expired' : 'strong_late');
    case 'superseded':
      return new DeskError('approval_superseded');
    default:
      if (approval.decidedFrom === 'device')
        return new DeskError('device_refused', { problem: approval.reason ?? '' });
      return new DeskError(approval.click === null ? 'approval_cancelled' : 'approval_invalid');
  }
}
