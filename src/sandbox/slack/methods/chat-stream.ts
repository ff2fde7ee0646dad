import type { Args } from '../args.ts';
import { isObject } from '../blocks/rules.ts';
import { findConversation } from '../conversations.ts';
import { LONGEST_MARKDOWN, readBlocks, readContent, LONGEST_TEXT } from '../message-content.ts';
import { invalidArguments, Refusal } from '../refusal.ts';
import { APP } from '../seed.ts';
import { setSession } from '../sessions.ts';
import { wireMessage } from '../wire-message.ts';
import type { Message } from '../world.ts';
import type { Workspace } from '../workspace.ts';
import { ownMessage, readThread } from './chat.ts';
import type { Methods } from './method.ts';

const CHUNK_TYPES = new Set(['markdown_text', 'task_update', 'plan_update', 'blocks']);

/** The text that a call adds to a stream. Task and plan updates show as lines of their own. */
function readAddition(args: Args): string {
  const chunks = args.json('chunks');
  if (chunks !== undefined && !Array.isArray(chunks))
    throw invalidArguments('[ERROR] must be an array [json-pointer:/chunks]');
  const pieces = (chunks ?? []).map((chunk: unknown, index: number) => {
    if (!isObject(chunk) || !CHUNK_TYPES.has(String(chunk['type']))) {
      throw invalidArguments(`[ERROR] unsupported type [json-pointer:/chunks/${index}/type]`);
    }
    if (chunk['type'] === 'markdown_text') return String(chunk['text'] ?? '');
    return chunk['type'] === 'blocks' ? '' : `\n${String(chunk['title'] ?? '')}\n`;
  });
  const text = (args.text('markdown_text') ?? '') + pieces.join('');
  if (text.length > LONGEST_MARKDOWN) throw new Refusal('msg_too_long');
  return text;
}

function openStream(args: Args, workspace: Workspace): { channel: string; ts: string; message: Message } {
  const channel = findConversation(workspace.store.data, args.need('channel')).id;
  const ts = args.need('ts');
  const message = ownMessage(workspace, channel, ts, 'message_not_owned_by_app');
  if (message.streaming !== true) throw new Refusal('message_not_in_streaming_state');
  return { channel, ts, message };
}

/** Streams: started in a thread, appended to, stopped once (docs.slack.dev/ai/developing-agents). */
export const streamMethods: Methods = {
  'chat.startStream': {
    token: 'bot',
    scopes: ['chat:write'],
    run: (args, workspace) => {
      const { id: channel, kind } = findConversation(workspace.store.data, args.need('channel'));
      args.need('thread_ts');
      const thread = readThread(args, workspace, channel);
      if (kind === 'channel' && args.text('recipient_user_id') === undefined) {
        throw new Refusal('missing_recipient_user_id');
      }
      if (kind === 'channel' && args.text('recipient_team_id') === undefined) {
        throw new Refusal('missing_recipient_team_id');
      }
      const fields = {
        user: APP.botUser,
        bot_id: APP.botId,
        text: readAddition(args),
        streaming: true,
        ...thread,
      };
      const message = workspace.messages.add(channel, fields);
      setSession(workspace.store, channel, String(thread.thread_ts), 'processing');
      return { channel, ts: message.ts };
    },
  },
  'chat.appendStream': {
    token: 'bot',
    scopes: ['chat:write'],
    run: (args, workspace) => {
      const { channel, ts, message } = openStream(args, workspace);
      const text = message.text + readAddition(args);
      workspace.messages.change(channel, ts, { text }, { quiet: true });
      return { channel, ts };
    },
  },
  'chat.stopStream': {
    token: 'bot',
    scopes: ['chat:write'],
    run: (args, workspace) => {
      const { channel, ts, message } = openStream(args, workspace);
      const text = message.text + readAddition(args);
      const blocks = readBlocks(args);
      const { metadata } = readContent(args, LONGEST_TEXT.post, { mayBeEmpty: true });
      const patch = {
        text,
        streaming: false,
        ...(blocks ? { blocks } : {}),
        ...(metadata ? { metadata } : {}),
      };
      const stopped = workspace.messages.change(channel, ts, patch);
      const status = args.text('session_status') ?? 'active';
      if (message.thread_ts !== undefined) setSession(workspace.store, channel, message.thread_ts, status);
      return { channel, ts, message: wireMessage(stopped, { metadata: true }) };
    },
  },
};
