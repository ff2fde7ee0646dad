import type { Args } from '../args.ts';
import { isObject } from '../blocks/rules.ts';
import { findConversation } from '../conversations.ts';
import { invalidArguments, Refusal } from '../refusal.ts';
import { renameSession, setSession } from '../sessions.ts';
import type { Workspace } from '../workspace.ts';
import type { Methods } from './method.ts';

const LONGEST_TITLE = 200;

function readPlace(args: Args, workspace: Workspace): { channel: string; threadTs: string } {
  const channel = findConversation(workspace.store.data, args.need('channel_id')).id;
  const threadTs = args.need('thread_ts');
  const root = workspace.messages.find(channel, threadTs);
  if (root === undefined || (root.thread_ts ?? threadTs) !== threadTs) throw new Refusal('thread_not_found');
  return { channel, threadTs };
}

function readTitle(args: Args): string | undefined {
  const title = args.text('title');
  if (title !== undefined && title.length > LONGEST_TITLE) {
    throw invalidArguments(`[ERROR] must be less than ${LONGEST_TITLE + 1} characters [json-pointer:/title]`);
  }
  return title;
}

const scopes = ['assistant:write', 'chat:write'];

/** Agent sessions, and what is left of the assistant API (docs.slack.dev/ai/agent-sessions). */
export const agentMethods: Methods = {
  'agents.sessions.setStatus': {
    token: 'bot',
    scopes,
    run: (args, workspace) => {
      const { channel, threadTs } = readPlace(args, workspace);
      setSession(workspace.store, channel, threadTs, args.need('status'), readTitle(args));
      return {};
    },
  },
  'agents.sessions.rename': {
    token: 'bot',
    scopes,
    run: (args, workspace) => {
      const { channel, threadTs } = readPlace(args, workspace);
      args.need('title');
      renameSession(workspace.store, channel, threadTs, readTitle(args) ?? '');
      return {};
    },
  },
  'assistant.threads.setStatus': {
    token: 'bot',
    scopes,
    run: (args, workspace) => {
      const { channel, threadTs } = readPlace(args, workspace);
      setSession(workspace.store, channel, threadTs, args.text('status') ? 'processing' : 'active');
      return {};
    },
  },
  'assistant.threads.setTitle': {
    token: 'bot',
    scopes: ['assistant:write'],
    run: (args, workspace) => {
      const { channel, threadTs } = readPlace(args, workspace);
      renameSession(workspace.store, channel, threadTs, args.need('title'));
      return {};
    },
  },
  'assistant.threads.setSuggestedPrompts': {
    token: 'bot',
    scopes: ['assistant:write'],
    run: (args, workspace) => {
      const channel = findConversation(workspace.store.data, args.need('channel_id')).id;
      const given = args.json('prompts');
      if (!Array.isArray(given) || given.length === 0 || given.length > 4) {
        throw invalidArguments('[ERROR] must be 1 to 4 prompts [json-pointer:/prompts]');
      }
      const prompts = given.map((prompt: unknown, index) => {
        if (
          !isObject(prompt) ||
          typeof prompt['title'] !== 'string' ||
          typeof prompt['message'] !== 'string'
        ) {
          throw invalidArguments(`[ERROR] must have title and message [json-pointer:/prompts/${index}]`);
        }
        return { title: prompt['title'], message: prompt['message'] };
      });
      workspace.store.data.prompts[channel] = { title: args.text('title') ?? '', prompts };
      workspace.store.touch();
      return {};
    },
  },
};
