import { finishChange } from '../policy/changes/finish.ts';
import { redrawCard } from './deliver/tell.ts';
import type { SlackDeps } from './deps.ts';

/** Carries a decided change to the policy on, and shows what came of it; the handler of the queue `approval`. */
export async function finishApproval(deps: SlackDeps, approvalId: string): Promise<void> {
  const { approvals } = deps.calls;
  const isAdmin = (workspaceId: string, memberId: string): Promise<boolean> =>
    deps.directory.isAdmin({ workspaceId, memberId, teamId: null });
  const approval = await finishChange({ approvals, isAdmin }, approvalId);
  if (approval === null) return;
  await redrawCard(deps, approval);
  await deps.calls.jobs.wakeNow('home', `${approval.workspaceId}/${approval.memberId}`);
}
