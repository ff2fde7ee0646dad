import { imOf } from '../seed.ts';
import type { Workspace } from '../workspace.ts';

/** Opens a tab of the app's home; `view` is in the event once a Home view was published. */
export function openTab(workspace: Workspace, userId: string, tab: 'home' | 'messages'): void {
  const view = workspace.store.data.homes[userId];
  workspace.events.emit('app_home_opened', {
    type: 'app_home_opened',
    user: userId,
    channel: imOf(userId),
    tab,
    ...(tab === 'home' && view !== undefined ? { view } : {}),
    event_ts: workspace.store.nextTs(),
  });
}

/** Presses Stop on an agent session: the app is told; the status is the app's to change. */
export function stopSession(workspace: Workspace, userId: string, channel: string, threadTs: string): void {
  const streaming = workspace.messages
    .in(channel)
    .filter((message) => message.thread_ts === threadTs && message.streaming === true);
  workspace.events.emit('agent_session_stopped', {
    type: 'agent_session_stopped',
    channel,
    user: userId,
    thread_ts: threadTs,
    streaming_message_ts: streaming.map((message) => message.ts),
    event_ts: workspace.store.nextTs(),
  });
}
