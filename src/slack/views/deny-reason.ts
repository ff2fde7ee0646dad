import { ackStored } from '../actions/ack-stored.ts';
import { writeSentence } from '../blocks/text.ts';
import { decideAs } from '../decide-as.ts';
import { dmOf } from '../deliver/enqueue.ts';
import { resolveChannel } from '../deliver/dm-channel.ts';
import type { SlackDeps, ViewArgs } from '../deps.ts';
import { readActor } from '../identity.ts';
import { readMetadata } from './metadata.ts';

/** The reason form was sent. Everything is checked again: a form can be forged like a click. */
export async function handleDenyReason(deps: SlackDeps, args: ViewArgs): Promise<void> {
  const { ack, body, view, client, context } = args;
  const { approvalId, place } = readMetadata(view);
  const actor = readActor(context, body.user);
  const typed = view.state.values['reason']?.['text']?.value ?? '';
  const reason = typed.replaceAll('\u0000', '').trim().slice(0, 500).toWellFormed();
  const deciding = decideAs(deps, actor, {
    approvalId,
    decision: 'deny',
    reason: reason === '' ? null : reason,
    from: { surface: 'card', channel: place, ts: view.id },
  });
  const decided = await ackStored(() => ack(), deciding);
  if (decided.ok) return;
  // The form is closed by now, so the sentence goes where the card is, or else to the direct message.
  const { workspaceId, memberId } = actor;
  const channel =
    place === ''
      ? await resolveChannel(deps.calls.database, client, { workspaceId, channel: dmOf(memberId) })
      : place;
  await client.chat.postEphemeral({ channel, user: memberId, text: writeSentence(decided.sentence) });
}
