import { resolveUnknown } from '../../calls/resolve-unknown.ts';
import { findById } from '../../approvals/query.ts';
import { DeskError } from '../../errors.ts';
import { refuseAccess } from '../access.ts';
import { tellError } from '../decide-as.ts';
import { redrawCard } from '../deliver/tell.ts';
import type { ActionArgs, SlackDeps } from '../deps.ts';
import { readActor } from '../identity.ts';
import { answer } from './answer.ts';
import { findMine } from './find-mine.ts';
import { valueOf } from './value.ts';

/** "It happened": the person looked where the card told them to. */
export function handleItHappened(deps: SlackDeps, args: ActionArgs): Promise<void> {
  return settle(deps, args, true);
}

/** "It did not". */
export function handleItDidNot(deps: SlackDeps, args: ActionArgs): Promise<void> {
  return settle(deps, args, false);
}

async function settle(deps: SlackDeps, args: ActionArgs, happened: boolean): Promise<void> {
  await args.ack();
  const actor = readActor(args.context, args.body.user);
  const found = await findMine(deps, actor, valueOf(args));
  if (!found.ok) return answer(deps, args, actor, found.sentence);
  try {
    await resolveUnknown(deps.calls, actor, found.approval.id, happened);
    const approval = await findById(deps.calls.database, actor.workspaceId, found.approval.id);
    if (approval !== null) await redrawCard(deps, approval);
  } catch (error) {
    if (error instanceof DeskError) await refuseAccess(deps, actor, `approval ${found.approval.id}`, error);
    await answer(deps, args, actor, tellError(deps, error, 'an unknown effect was not settled'));
  }
}
