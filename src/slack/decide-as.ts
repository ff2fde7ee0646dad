import { randomBytes, randomUUID } from 'node:crypto';
import type { Approval } from '../approvals/deps.ts';
import { decide, type DecisionInput } from '../approvals/decide.ts';
import { findById } from '../approvals/query.ts';
import { DeskError, userMessage } from '../errors.ts';
import { refuseAccess } from './access.ts';
import { redrawCard } from './deliver/tell.ts';
import type { SlackDeps } from './deps.ts';
import type { Actor } from './directory/directory.ts';

type Decided =
  | { readonly ok: true; readonly approval: Approval }
  /** `sentence` says to the person why not. */
  | { readonly ok: false; readonly sentence: string };

type Request = Pick<DecisionInput, 'approvalId' | 'decision' | 'reason' | 'from'>;

/**
 * The one way a person's decision takes, wherever it was made: who they are is asked of Slack now, then the decision
 * is stored, and only then is the card drawn anew.
 */
export async function decideAs(deps: SlackDeps, actor: Actor, request: Request): Promise<Decided> {
  const { approvalId } = request;
  try {
    const refused = await deps.directory.checkClicker(actor);
    if (refused !== null) {
      await refuseAccess(deps, actor, `${request.decision} ${approvalId.slice(0, 60)}`, refused);
      return { ok: false, sentence: refused.message };
    }
    const { workspaceId, memberId } = actor;
    const approval = await decide(deps.calls.approvals, { ...request, workspaceId, memberId });
    await redrawCard(deps, approval);
    return { ok: true, approval };
  } catch (error) {
    if (error instanceof DeskError && error.code === 'already_decided')
      await redrawStale(deps, actor, approvalId);
    return { ok: false, sentence: tellError(deps, error, 'a decision failed') };
  }
}

/**
 * A card that still offers what was decided elsewhere is brought up to date. It was drawn for this state before, and
 * that did not arrive, so this counts as another change.
 */
export async function redrawStale(deps: SlackDeps, actor: Actor, approvalId: string): Promise<void> {
  const approval = await findById(deps.calls.database, actor.workspaceId, approvalId);
  if (approval?.memberId === actor.memberId) await redrawCard(deps, approval, `stale:${randomUUID()}`);
}

/** The sentence for an error; one that is ours to look into is logged under the reference it names. */
export function tellError(deps: Pick<SlackDeps, 'calls'>, error: unknown, what: string): string {
  const reference = randomBytes(4).toString('hex');
  if (!(error instanceof DeskError)) deps.calls.log.error({ reference, err: error }, what);
  return userMessage(error, reference);
}
