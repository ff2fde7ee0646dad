import { buildOutside } from './outside.ts';
import type { Member, Worlds } from './worlds.ts';

/** How many refused Slack calls the page shows; the world keeps them all. */
const SHOWN_VIOLATIONS = 20;

/**
 * Everything the page shows for one member, as JSON.
 * @param userId who looks; the first person of the workspace when null
 * @param channelId the open conversation; the member's first when null or not theirs
 * @returns null when nobody has that id
 */
export function buildState(worlds: Worlds, userId: string | null, channelId: string | null): object | null {
  const { slack } = worlds;
  const users = slack.users();
  const me = userId === null ? users.find(isPerson) : users.find((user) => user.id === userId);
  if (me === undefined || me.isBot) return null;
  const channels = slack.channels(me.id);
  const channel = channels.find(({ id }) => id === channelId) ?? channels[0];
  return {
    me,
    users,
    channels,
    channel: channel?.id ?? null,
    messages: channel === undefined ? [] : slack.messages(channel.id, me.id),
    sessions: channel === undefined ? [] : slack.sessions(channel.id),
    prompts: channel === undefined ? null : slack.suggestedPrompts(channel.id),
    view: slack.view(me.id),
    home: slack.home(me.id),
    violations: slack.violations().slice(-SHOWN_VIOLATIONS),
    outside: buildOutside(worlds, me),
  };
}

function isPerson(user: Member): boolean {
  return !user.isBot && !user.deleted;
}
