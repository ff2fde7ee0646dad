import type { EventArgs, SlackDeps } from '../deps.ts';
import { publishHome } from '../home/publish.ts';
import { readHomeState } from '../home/state.ts';
import { workspaceOf } from '../identity.ts';

const PROMPTS = [
  { title: 'What is on today?', message: 'What is on my calendar today?' },
  { title: 'Any new mail?', message: 'Show my unread mail' },
  { title: 'Plan a meeting', message: 'Schedule a 30 minute meeting tomorrow at 10am titled Planning' },
  { title: 'What can you do?', message: 'What can you do?' },
] as const;

/** Under `agent_view` this comes for the Home tab and for the Messages tab. */
export async function handleAppHomeOpened(
  deps: SlackDeps,
  { event, client, context }: EventArgs<'app_home_opened'>,
): Promise<void> {
  const actor = { workspaceId: workspaceOf(context), memberId: event.user, teamId: null };
  if (event.tab === 'messages') {
    await client.assistant.threads.setSuggestedPrompts({
      channel_id: event.channel,
      title: 'Try one of these',
      prompts: [...PROMPTS],
    });
    return;
  }
  const state = { ...readHomeState(event.view?.private_metadata), readRecorded: false };
  // The installed types name the view, but not what is in it.
  const { hash } = (event.view ?? {}) as { readonly hash?: string };
  // Who opens it and chooses a tab at once has that drawn already; this must not draw the old one over it.
  await publishHome(deps, client, actor, state, { hash, conflict: 'leave' });
}
