import type { Transaction } from '../../db/client.ts';
import type { Jobs } from '../../db/jobs.ts';
import type { PolicyVersion } from '../../policy/versions/types.ts';
import { noticeToAdmins } from './announce.ts';
import { enqueueOutgoing } from './enqueue.ts';

/** Tells the admins that an operator applied what loosens the organisation's policy, and how one of them takes it up. */
export function tellOperatorChange(
  tx: Transaction,
  jobs: Pick<Jobs, 'wake'>,
  { id, workspaceId, number, diff }: PolicyVersion,
): Promise<void> {
  const text = `An operator wants to loosen the organisation’s policy (version ${number}): ${diff.join(' ').slice(0, 1_500)} Nothing changes before an admin approves it. Take it up with /agentdesk policy review ${number}.`;
  return enqueueOutgoing(tx, jobs, [noticeToAdmins(workspaceId, `operator:${id}`, text)]);
}
