import type { EventArgs, SlackDeps } from '../deps.ts';
import { workspaceOf } from '../identity.ts';
import { readSlackText } from './slack-text.ts';
import { takeMessage } from './take-message.ts';

/** A mention in a channel; answered in its thread. In a direct message the message itself is the event. */
export async function handleAppMention(
  deps: SlackDeps,
  { event, body, context }: EventArgs<'app_mention'>,
): Promise<void> {
  if (event.channel.startsWith('D') || event.user === undefined || event.bot_id !== undefined) return;
  if (event.subtype !== undefined || 'edited' in event) return;
  await takeMessage(deps, {
    workspaceId: workspaceOf(context),
    memberId: event.user,
    channel: event.channel,
    threadTs: event.thread_ts ?? event.ts,
    eventId: body.event_id,
    text: readSlackText(event.text, context.botUserId ?? null),
    surface: 'channel',
  });
}
