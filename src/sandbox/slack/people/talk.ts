import { randomUUID } from 'node:crypto';
import { findConversation, findUser, type Conversation } from '../conversations.ts';
import type { Workspace } from '../workspace.ts';
import type { User } from '../world.ts';
import { compose } from './composer.ts';

/** Longest message a person can send. */
const LONGEST_TYPED = 40_000;

/** @throws Error when that person is not in the conversation or not active any more */
export function enter(
  workspace: Workspace,
  userId: string,
  channel: string,
): { user: User; conversation: Conversation } {
  const user = findUser(workspace.store.data, userId);
  const conversation = findConversation(workspace.store.data, channel);
  if (user.deleted) throw new Error(`${user.realName} is deactivated.`);
  if (!conversation.members.includes(userId)) throw new Error(`${user.realName} is not in ${channel}.`);
  return { user, conversation };
}

/** Sends a message as a person. @returns its timestamp */
export function say(
  workspace: Workspace,
  userId: string,
  channel: string,
  text: string,
  threadTs?: string,
): { ts: string } {
  const { user, conversation } = enter(workspace, userId, channel);
  if (text.length > LONGEST_TYPED) throw new Error(`A message has at most ${LONGEST_TYPED} characters.`);
  const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
  const content = compose(text, workspace.store.data.users);
  const fields = { user: user.id, client_msg_id: randomUUID(), ...content, ...thread };
  return { ts: workspace.messages.add(conversation.id, fields).ts };
}

/** Edits a person's own message. @throws Error for a message that is not theirs */
export function edit(workspace: Workspace, userId: string, channel: string, ts: string, text: string): void {
  const { user, conversation } = enter(workspace, userId, channel);
  const message = workspace.messages.find(conversation.id, ts);
  if (message?.user !== user.id) throw new Error('Only your own messages can be edited.');
  const edited = { user: user.id, ts: workspace.store.nextTs() };
  workspace.messages.change(conversation.id, ts, { ...compose(text, workspace.store.data.users), edited });
}
