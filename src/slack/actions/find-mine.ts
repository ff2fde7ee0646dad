import type { Approval } from '../../approvals/deps.ts';
import { findById } from '../../approvals/query.ts';
import { DeskError } from '../../errors.ts';
import { refuseAccess } from '../access.ts';
import type { SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';

/** An approval that this person may look at: their own, asked for by someone Slack vouches for now. */
export async function findMine(
  deps: SlackDeps,
  actor: Actor,
  approvalId: string,
): Promise<{ ok: true; approval: Approval } | { ok: false; sentence: string }> {
  const approval = await findById(deps.calls.database, actor.workspaceId, approvalId);
  const refused = (await deps.directory.checkClicker(actor)) ?? refuse(approval, actor);
  if (refused === null && approval !== null) return { ok: true, approval };
  const error = refused ?? new DeskError('approval_unknown');
  await refuseAccess(deps, actor, `approval ${approvalId.slice(0, 60)}`, error);
  return { ok: false, sentence: error.message };
}

function refuse(approval: Approval | null, actor: Actor): DeskError | null {
  if (approval === null) return new DeskError('approval_unknown');
  return approval.memberId === actor.memberId
    ? null
    : new DeskError('not_yours', { owner: `<@${approval.memberId}>` });
}
