import type { types } from '@slack/bolt';
import { buildNotice } from '../blocks/modals.ts';
import type { ViewArgs } from '../deps.ts';
import { pause } from '../receivers/pause.ts';

/** Slack tells a person after 3000 ms that nobody answers (docs.slack.dev/surfaces/modals). */
const LONGEST_MS = 2000;

/**
 * Answers a form with what its work came to. Work that takes too long for Slack leaves the form open meanwhile.
 * @param work what was asked for, under way
 * @param show the view to put in the form's place, or null to close it and those below
 * @param meanwhile what the form says when the work takes longer
 */
export async function answerForm<T>(
  { ack, client, view }: ViewArgs,
  work: Promise<T>,
  show: (result: T) => types.ModalView | null,
  meanwhile = 'Saving…',
): Promise<T> {
  const settled = new AbortController();
  let isLate = true;
  await Promise.race([
    Promise.allSettled([work]).then(() => {
      isLate = false;
      settled.abort();
    }),
    pause(LONGEST_MS, settled.signal),
  ]);
  const title = view.title.text;
  if (isLate) await ack({ response_action: 'update', view: buildNotice(title, meanwhile) });
  const result = await work;
  const next = show(result);
  if (isLate) {
    const view_id = view.id;
    await client.views.update({ view_id, view: next ?? buildNotice(title, 'It is saved. See App Home.') });
  } else {
    await ack(next === null ? { response_action: 'clear' } : { response_action: 'update', view: next });
  }
  return result;
}
