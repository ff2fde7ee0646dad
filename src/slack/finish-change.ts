import type { Approval } from '../approvals/deps.ts';
import { findAnyById } from '../approvals/query.ts';
import { finishRelink } from '../links/finish.ts';
import { finishChange } from '../policy/changes/finish.ts';
import { finishGrant } from '../policy/grants/decide.ts';
import { redrawCard } from './deliver/tell.ts';
import type { SlackDeps } from './deps.ts';

/** Carries a decided change to the policy, another link or a grant on, and shows what came of it; the handler of the queue `approval`. */
export async function finishApproval(deps: SlackDeps, approvalId: string): Promise<void> {
  const found = await findAnyById(deps.calls.database, approvalId);
  const approval = found === null ? null : await finish(deps, found);
  if (approval === null) return;
  await redrawCard(deps, approval);
  await deps.calls.jobs.wakeNow('home', `${approval.workspaceId}/${approval.memberId}`);
}

function finish(deps: SlackDeps, approval: Approval): Promise<Approval | null> {
  const { approvals, vault } = deps.calls;
  if (approval.kind === 'relink') return finishRelink({ approvals, vault }, approval.id);
  if (approval.kind === 'grant') return finishGrant(approvals, approval);
  const isAdmin = (workspaceId: string, memberId: string): Promise<boolean> =>
    deps.directory.isAdmin({ workspaceId, memberId, teamId: null });
  return finishChange({ approvals, isAdmin, heads: deps.policy }, approval.id);
}
