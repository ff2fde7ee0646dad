import type { types } from '@slack/bolt';
import type { ActionArgs, SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import { readSlackCode } from '../slack-errors.ts';
import { answer } from './answer.ts';

/** A modal as Slack knows it; a change of it since then makes its hash another. */
export interface OpenView {
  readonly id: string;
  readonly hash?: string | undefined;
}

/**
 * Opens a modal for the one who clicked. Slack takes that for three seconds after the click; when it was too late,
 * the person is told to press again.
 * @returns where it is open, or null when it is not
 */
export async function openView(
  deps: SlackDeps,
  args: ActionArgs,
  actor: Actor,
  view: types.ModalView,
): Promise<OpenView | null> {
  try {
    const { view: open } = await args.client.views.open({ trigger_id: args.body.trigger_id, view });
    return { id: open?.id ?? '', hash: open?.hash };
  } catch (error) {
    deps.calls.log.warn({ code: readSlackCode(error), err: error }, 'a form was not opened');
    await answer(deps, args, actor, 'Slack did not open it in time. Press the button again.');
    return null;
  }
}
