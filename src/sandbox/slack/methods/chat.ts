import type { Args } from '../args.ts';
import { findConversation, findUser } from '../conversations.ts';
import { LONGEST_TEXT, readContent } from '../message-content.ts';
import { Refusal } from '../refusal.ts';
import { APP } from '../seed.ts';
import { wireMessage } from '../wire-message.ts';
import type { Message } from '../world.ts';
import type { Workspace } from '../workspace.ts';
import type { Methods } from './method.ts';

const AUTHOR = { user: APP.botUser, bot_id: APP.botId };

/** The root of the thread to post in. @throws Refusal `invalid_thread_ts` unless it is a root message here */
export function readThread(args: Args, workspace: Workspace, channel: string): { thread_ts?: string } {
  const ts = args.text('thread_ts');
  if (ts === undefined || ts === '') return {};
  const root = workspace.messages.find(channel, ts);
  if (root === undefined || (root.thread_ts !== undefined && root.thread_ts !== ts)) {
    throw new Refusal('invalid_thread_ts');
  }
  return { thread_ts: ts };
}

/** A message of the app's own. @throws Refusal `message_not_found`, or `refusal` for somebody else's */
export function ownMessage(workspace: Workspace, channel: string, ts: string, refusal: string): Message {
  const message = workspace.messages.find(channel, ts);
  if (message === undefined) throw new Refusal('message_not_found');
  if (message.bot_id !== APP.botId) throw new Refusal(refusal);
  return message;
}

export const chatMethods: Methods = {
  'chat.postMessage': {
    token: 'bot',
    scopes: ['chat:write'],
    run: (args, workspace) => {
      const channel = findConversation(workspace.store.data, args.need('channel')).id;
      const content = readContent(args, LONGEST_TEXT.post);
      const thread = readThread(args, workspace, channel);
      const message = workspace.messages.add(channel, { ...AUTHOR, text: '', ...content, ...thread });
      return { channel, ts: message.ts, message: wireMessage(message, { metadata: true }) };
    },
  },
  'chat.postEphemeral': {
    token: 'bot',
    scopes: ['chat:write'],
    run: (args, workspace) => {
      const { id: channel, members } = findConversation(workspace.store.data, args.need('channel'));
      const user = args.need('user');
      if (!members.includes(user)) throw new Refusal('user_not_in_channel');
      const content = readContent(args, LONGEST_TEXT.post);
      const thread = readThread(args, workspace, channel);
      const fields = {
        ...AUTHOR,
        text: '',
        ...content,
        ...thread,
        ephemeralFor: findUser(workspace.store.data, user).id,
      };
      return { message_ts: workspace.messages.add(channel, fields).ts };
    },
  },
  'chat.update': {
    token: 'bot',
    scopes: ['chat:write'],
    run: (args, workspace) => {
      const channel = findConversation(workspace.store.data, args.need('channel')).id;
      const ts = args.need('ts');
      const before = ownMessage(workspace, channel, ts, 'cant_update_message');
      if (before.streaming === true) throw new Refusal('streaming_state_conflict');
      const content = readContent(args, LONGEST_TEXT.update, { mayBeEmpty: before.blocks !== undefined });
      const edited = { user: APP.botUser, ts: workspace.store.nextTs() };
      const message = workspace.messages.change(channel, ts, { ...content, edited });
      return { channel, ts, text: message.text, message: wireMessage(message, { metadata: true }) };
    },
  },
  'chat.delete': {
    token: 'bot',
    scopes: ['chat:write'],
    run: (args, workspace) => {
      const channel = findConversation(workspace.store.data, args.need('channel')).id;
      const ts = args.need('ts');
      ownMessage(workspace, channel, ts, 'cant_delete_message');
      workspace.messages.remove(channel, ts);
      return { channel, ts };
    },
  },
  'chat.getPermalink': {
    token: 'bot',
    run: (args, workspace) => {
      const channel = findConversation(workspace.store.data, args.need('channel')).id;
      const ts = args.need('message_ts');
      if (workspace.messages.find(channel, ts) === undefined) throw new Refusal('message_not_found');
      return { channel, permalink: `${workspace.origin()}/archives/${channel}/p${ts.replace('.', '')}` };
    },
  },
};
