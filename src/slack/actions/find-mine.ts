import type { Approval } from '../../approvals/deps.ts';
import { describeDecided } from '../../approvals/decide.ts';
import { findById } from '../../approvals/query.ts';
import { DeskError } from '../../errors.ts';
import { refuseAccess } from '../access.ts';
import { redrawStale, tellError } from '../decide-as.ts';
import type { SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';

type Found =
  | { readonly ok: true; readonly approval: Approval }
  /** `sentence` says to the person why not. */
  | { readonly ok: false; readonly sentence: string };

/** An approval that this person may look at: their own, asked for by someone Slack vouches for now. */
export function findMine(deps: SlackDeps, actor: Actor, approvalId: string): Promise<Found> {
  return find(deps, actor, approvalId, (approval) => refuseStranger(approval, actor));
}

/** The same, for what only makes sense while it is undecided. A stale card is drawn anew. */
export async function findOpen(deps: SlackDeps, actor: Actor, approvalId: string): Promise<Found> {
  return find(
    deps,
    actor,
    approvalId,
    (approval) =>
      refuseStranger(approval, actor) ?? (approval.status === 'pending' ? null : describeDecided(approval)),
  );
}

async function find(
  deps: SlackDeps,
  actor: Actor,
  approvalId: string,
  refuse: (approval: Approval) => DeskError | null,
): Promise<Found> {
  try {
    const approval = await findById(deps.calls.database, actor.workspaceId, approvalId);
    const unknown = approval === null ? new DeskError('approval_unknown') : refuse(approval);
    const refused = (await deps.directory.checkClicker(actor)) ?? unknown;
    if (refused === null && approval !== null) return { ok: true, approval };
    const error = refused ?? new DeskError('approval_unknown');
    await refuseAccess(deps, actor, `approval ${approvalId.slice(0, 60)}`, error);
    if (error.code === 'already_decided') await redrawStale(deps, actor, approvalId);
    return { ok: false, sentence: error.message };
  } catch (error) {
    return { ok: false, sentence: tellError(deps, error, 'an approval was not looked up') };
  }
}

function refuseStranger(approval: Approval, actor: Actor): DeskError | null {
  return approval.memberId === actor.memberId
    ? null
    : new DeskError('not_yours', { owner: `<@${approval.memberId}>` });
}
