import type { EventArgs, SlackDeps } from '../deps.ts';
import { workspaceOf } from '../identity.ts';
import { readSlackText } from './slack-text.ts';
import { takeMessage } from './take-message.ts';

/** Kinds of message that are a person saying something; edits, deletions and the like are not. */
const SAID = new Set<string | undefined>([undefined, 'file_share', 'thread_broadcast']);

/** A direct message. Each one that is not in a thread starts its own: under `agent_view` it is a thread's root. */
export async function handleMessage(
  deps: SlackDeps,
  { event, body, context }: EventArgs<'message'>,
): Promise<void> {
  if (event.channel_type !== 'im' || !SAID.has(event.subtype)) return;
  if (!('user' in event) || typeof event.user !== 'string' || event.user === context.botUserId) return;
  if ('bot_id' in event && event.bot_id !== undefined) return;
  const threadTs = 'thread_ts' in event ? event.thread_ts : undefined;
  await takeMessage(deps, {
    workspaceId: workspaceOf(context),
    memberId: event.user,
    channel: event.channel,
    threadTs: threadTs ?? event.ts,
    eventId: body.event_id,
    text: readSlackText(('text' in event ? event.text : undefined) ?? '', context.botUserId ?? null),
    surface: 'dm',
  });
}
