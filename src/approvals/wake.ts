import type { Transaction } from '../db/client.ts';
import type { Jobs } from '../db/jobs.ts';
import { enqueueWork } from '../db/work.ts';
import { isCallApproval, type Approval } from './deps.ts';

/** Wakes whoever waits for an approval: the turn of a call, or the worker that puts a change into force. */
export async function wakeWaiter(
  tx: Transaction,
  jobs: Pick<Jobs, 'wake'>,
  approval: Approval,
): Promise<void> {
  if (!isCallApproval(approval)) return jobs.wake(tx, 'approval', approval.id);
  const { workspaceId, conversationId, turnId } = approval;
  return enqueueWork(tx, jobs, { workspaceId, conversationId, turnId, kind: 'resume' });
}
