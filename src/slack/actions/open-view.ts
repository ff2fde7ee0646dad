import type { types } from '@slack/bolt';
import type { ActionArgs, SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import { readSlackCode } from '../slack-errors.ts';
import { answer } from './answer.ts';

/**
 * Opens a modal for the one who clicked. Slack takes that for three seconds after the click; when it was too late,
 * the person is told to press again.
 * @returns whether it is open
 */
export async function openView(
  deps: SlackDeps,
  args: ActionArgs,
  actor: Actor,
  view: types.ModalView,
): Promise<boolean> {
  try {
    await args.client.views.open({ trigger_id: args.body.trigger_id, view });
    return true;
  } catch (error) {
    deps.calls.log.warn({ code: readSlackCode(error), err: error }, 'a form was not opened');
    await answer(deps, args, actor, 'Slack did not open it in time. Press the button again.');
    return false;
  }
}
