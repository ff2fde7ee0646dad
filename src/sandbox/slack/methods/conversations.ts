import type { Args } from '../args.ts';
import { findConversation, findUser, type Conversation } from '../conversations.ts';
import { readPage } from './page.ts';
import { invalidArguments, Refusal } from '../refusal.ts';
import { APP, imOf, TEAM } from '../seed.ts';
import { wireMessage } from '../wire-message.ts';
import type { Json, Message } from '../world.ts';
import type { Workspace } from '../workspace.ts';
import type { Methods } from './method.ts';

function wireConversation({ id, kind, members, name }: Conversation): Json {
  const common = {
    id,
    created: 1_700_000_000,
    is_archived: false,
    context_team_id: TEAM.id,
    updated: 1_700_000_000_000,
  };
  if (kind === 'im') {
    return {
      ...common,
      is_im: true,
      is_org_shared: false,
      user: members[0],
      is_open: true,
      is_user_deleted: false,
    };
  }
  return {
    ...common,
    name,
    name_normalized: name,
    is_channel: true,
    is_group: false,
    is_im: false,
    is_mpim: false,
    is_private: false,
    is_general: true,
    is_member: true,
    is_shared: false,
    is_ext_shared: false,
    creator: 'U0ADA',
    num_members: members.length,
  };
}

function visible(workspace: Workspace, channel: string): Message[] {
  return workspace.messages.in(channel).filter((message) => message.ephemeralFor === undefined);
}

function withinTime(args: Args, messages: readonly Message[]): Message[] {
  const oldest = args.text('oldest') ?? '0';
  const latest = args.text('latest') ?? '9999999999.999999';
  const inclusive = args.flag('inclusive');
  return messages.filter(({ ts }) => {
    if (inclusive && (ts === oldest || ts === latest)) return true;
    return Number(ts) > Number(oldest) && Number(ts) < Number(latest);
  });
}

function wireThread(messages: readonly Message[], all: readonly Message[], metadata: boolean): Json[] {
  return messages.map((message) => {
    const replies = all.filter((one) => one.thread_ts === message.ts && one.ts !== message.ts);
    const wire = wireMessage(message, { metadata });
    if (replies.length === 0) return wire;
    const users = [...new Set(replies.map((reply) => reply.user))];
    const counts = { reply_count: replies.length, reply_users: users, latest_reply: replies.at(-1)?.ts };
    return { ...wire, thread_ts: message.ts, ...counts };
  });
}

export const conversationMethods: Methods = {
  'conversations.open': {
    token: 'bot',
    scopes: ['im:write'],
    run: (args, workspace) => {
      const users = args.text('users')?.split(',');
      if (users?.length !== 1) throw invalidArguments('[ERROR] must be one user [json-pointer:/users]');
      const user = findUser(workspace.store.data, users[0] ?? '');
      if (user.isBot) throw new Refusal('cannot_dm_bot');
      if (user.deleted) throw new Refusal('user_disabled');
      const channel = findConversation(workspace.store.data, imOf(user.id));
      return { channel: args.flag('return_im') ? wireConversation(channel) : { id: channel.id } };
    },
  },
  'conversations.info': {
    token: 'bot',
    scopes: ['channels:read', 'im:read'],
    run: (args, workspace) => ({
      channel: wireConversation(findConversation(workspace.store.data, args.need('channel'))),
    }),
  },
  'conversations.members': {
    token: 'bot',
    scopes: ['channels:read', 'im:read'],
    run: (args, workspace) => {
      const { members } = findConversation(workspace.store.data, args.need('channel'));
      const { items, response_metadata } = readPage(args, members, 100);
      return { members: items, response_metadata };
    },
  },
  'conversations.history': {
    token: 'bot',
    scopes: ['channels:history', 'im:history'],
    run: (args, workspace) => {
      const channel = findConversation(workspace.store.data, args.need('channel')).id;
      const all = visible(workspace, channel);
      const roots = all.filter((one) => one.thread_ts === undefined || one.thread_ts === one.ts);
      const page = readPage(args, withinTime(args, roots).reverse(), 100);
      const messages = wireThread(page.items, all, args.flag('include_all_metadata'));
      return { messages, has_more: page.more, pin_count: 0, response_metadata: page.response_metadata };
    },
  },
  'conversations.replies': {
    token: 'bot',
    scopes: ['channels:history', 'im:history'],
    run: (args, workspace) => {
      const channel = findConversation(workspace.store.data, args.need('channel')).id;
      const ts = args.need('ts');
      const all = visible(workspace, channel);
      const root = all.find((one) => one.ts === ts);
      if (root === undefined) throw new Refusal('thread_not_found');
      const replies = all.filter((one) => one.thread_ts === ts && one.ts !== ts);
      const page = readPage(args, [root, ...withinTime(args, replies)], 1000);
      const messages = wireThread(page.items, all, args.flag('include_all_metadata'));
      return { messages, has_more: page.more, response_metadata: page.response_metadata };
    },
  },
  'conversations.list': {
    token: 'bot',
    scopes: ['channels:read', 'im:read'],
    run: (args, workspace) => {
      const types = (args.text('types') ?? 'public_channel').split(',');
      const people = workspace.store.data.users.filter((user) => user.id !== APP.botUser);
      const ids = [
        ...(types.includes('public_channel') ? ['general'] : []),
        ...(types.includes('im') ? people.map((user) => imOf(user.id)) : []),
      ];
      const { items, response_metadata } = readPage(args, ids, 100);
      const channels = items.map((id) => wireConversation(findConversation(workspace.store.data, id)));
      return { channels, response_metadata };
    },
  },
};
