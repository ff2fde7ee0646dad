import type { Approval } from '../../approvals/deps.ts';
import type { Transaction } from '../../db/client.ts';
import type { Jobs } from '../../db/jobs.ts';
import { dmOf, enqueueOutgoing } from './enqueue.ts';

/** Has the card of an approval that no turn waits for posted to the one who decides it. */
export function postCard(
  tx: Transaction,
  jobs: Pick<Jobs, 'wake'>,
  { id, workspaceId, memberId }: Approval,
): Promise<void> {
  return enqueueOutgoing(tx, jobs, [
    {
      workspaceId,
      channel: dmOf(memberId),
      threadTs: null,
      key: `card:${id}`,
      kind: 'post',
      payload: { type: 'card', approvalId: id },
    },
  ]);
}
