import { refuseAccess } from '../access.ts';
import { DeskError } from '../../errors.ts';
import type { ActionArgs, SlackDeps } from '../deps.ts';
import { readActor } from '../identity.ts';
import { answer } from './answer.ts';

/**
 * Something was pressed that no listener knows: a button of an older version, or one that we never drew. In Socket
 * Mode nothing else acknowledges it, and the person would only see an error.
 */
export async function handleUnknownAction(deps: SlackDeps, args: ActionArgs): Promise<void> {
  await args.ack();
  const { action_id: id } = args.action;
  const actor = readActor(args.context, args.body.user);
  const refused = new DeskError('not_allowed', { reason: 'I do not know this button; use a newer message' });
  deps.calls.log.warn({ action: id.slice(0, 80) }, 'an action nobody handles');
  await refuseAccess(deps, actor, `action ${id.slice(0, 60)}`, refused);
  await answer(deps, args, actor, refused.message);
}
