import { editCall } from '../../calls/edit.ts';
import { readForm } from '../../calls/edit-form.ts';
import { findCallOf } from '../../calls/query.ts';
import { DeskError } from '../../errors.ts';
import { refuseAccess } from '../access.ts';
import { findOpen } from '../actions/find-mine.ts';
import { writeSentence } from '../blocks/text.ts';
import { tellError } from '../decide-as.ts';
import { dmOf } from '../deliver/enqueue.ts';
import { resolveChannel } from '../deliver/dm-channel.ts';
import type { SlackDeps, ViewArgs } from '../deps.ts';
import { readActor } from '../identity.ts';
import { readMetadata } from './metadata.ts';

/**
 * The edit form was sent: what does not fit the schema is said beside its input at once; the rest (reading at the
 * provider, the policy) takes longer than Slack waits, so the form is closed first.
 */
export async function handleEditCall(deps: SlackDeps, args: ViewArgs): Promise<void> {
  const { ack, body, view, client, context } = args;
  const { approvalId, place } = readMetadata(view);
  const actor = readActor(context, body.user);
  const typed = readTyped(view.state.values);
  const found = await findOpen(deps, actor, approvalId);
  const call = found.ok ? await findCallOf(deps.calls, found.approval) : null;
  let sentence = found.ok ? 'It is not open any more.' : found.sentence;
  if (call !== null) {
    let changed: unknown;
    try {
      changed = readForm(call, typed);
    } catch (error) {
      if (!(error instanceof DeskError)) throw error;
      const block = view.blocks.find(
        (one) => 'block_id' in one && one.type === 'input' && error.message.includes(one.block_id ?? ''),
      );
      const first = view.blocks.find((one) => one.type === 'input');
      await ack({
        response_action: 'errors',
        errors: { [block?.block_id ?? first?.block_id ?? '']: error.message },
      });
      return;
    }
    await ack();
    try {
      await editCall(deps.calls, actor, approvalId, changed);
      return;
    } catch (error) {
      if (error instanceof DeskError)
        await refuseAccess(deps, actor, `edit ${approvalId.slice(0, 60)}`, error);
      sentence = tellError(deps, error, 'an edit failed');
    }
  } else {
    await ack();
  }
  const { workspaceId, memberId } = actor;
  const channel =
    place === ''
      ? await resolveChannel(deps.calls.database, client, { workspaceId, channel: dmOf(memberId) })
      : place;
  await client.chat.postEphemeral({ channel, user: memberId, text: writeSentence(sentence) });
}

function readTyped(values: ViewArgs['view']['state']['values']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, actions]) => {
      const value = actions['value'];
      return [name, value?.selected_option?.value ?? value?.value ?? ''];
    }),
  );
}
