import type { Approval } from '../approvals/deps.ts';
import type { Transaction } from '../db/client.ts';
import { sql } from '../db/drizzle.ts';
import type { Jobs } from '../db/jobs.ts';
import { enqueueWork } from '../db/work.ts';
import { DeskError } from '../errors.ts';
import { moveCall, type TransitionName } from './transitions.ts';

const MOVES: Readonly<Record<Exclude<Approval['status'], 'pending'>, TransitionName>> = {
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
  approval: Approval,
): Promise<void> {
  if (approval.status === 'pending') return;
  const actor = approval.decidedBy === null ? 'desk' : `member:${approval.decidedBy}`;
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
}

function describeEnd(approval: Approval): DeskError {
  switch (approval.status) {
    case 'denied':
      return new DeskError('denied_by_person', {
        reason: approval.reason === null || approval.reason === '' ? '' : `: ${approval.reason}`,
      });
    case 'expired':
      return new DeskError('approval_expired');
    case 'superseded':
      return new DeskError('approval_superseded');
    default:
      return new DeskError(approval.click === null ? 'approval_cancelled' : 'approval_invalid');
  }
}
