import type { Approval } from '../../approvals/deps.ts';
import { wakeWaiter } from '../../approvals/wake.ts';
import type { Transaction } from '../../db/client.ts';
import type { Jobs } from '../../db/jobs.ts';
import { rejectPending } from '../versions/reject-pending.ts';

/**
 * What the end of an approval means for the change it is about, in the transaction that decided it. An approved one
 * goes into force later, once it is proved.
 */
export async function applyChangeDecision(
  tx: Transaction,
  jobs: Pick<Jobs, 'wake'>,
  approval: Approval,
): Promise<void> {
  if (approval.status === 'pending') return;
  if (approval.status !== 'approved') {
    await rejectPending(tx, {
      versionId: approval.policyVersionId ?? '',
      by: approval.decidedBy ?? 'desk',
      reason: approval.reason ?? `the approval was ${approval.status}`,
      approvalId: approval.id,
    });
  }
  await wakeWaiter(tx, jobs, approval);
}
