import { z } from 'zod';
import type { Action, Http, Json } from '../action.ts';
import { ProviderError } from '../../errors.ts';
import { toCanonical } from '../arguments.ts';
import { NO_ADDRESSES } from '../facts.ts';
import { count, shortLine, showText } from '../fields.ts';
import { gmailRule } from '../provider/rules.ts';
import { readOnly } from '../read-only.ts';
import { askGmail } from './client.ts';
import { readDate } from './message-date.ts';
import { decodeEntities } from './message-text.ts';
import { messageAnswer, readHeader, type MessageAnswer } from './message.ts';
import { READ_SCOPES } from './scopes.ts';

const MOST_MESSAGES = 25;

const raw = z.strictObject({
  query: z.string().max(500).optional().describe("Gmail search, like 'from:priya@example.com newer_than:7d'"),
  max: z.int().min(1).max(MOST_MESSAGES).default(10),
});

const args = z.strictObject({ query: z.string().optional(), max: z.int(), timeZone: z.string() });

const listAnswer = z.object({ messages: z.array(z.object({ id: z.string() })).optional() });

export const messagesList: Action<z.infer<typeof raw>, z.infer<typeof args>> = {
  ...readOnly,
  id: 'gmail.messages.list',
  service: 'gmail',
  connection: 'google-oauth2',
  scopes: READ_SCOPES,
  mayVary: ['query', 'max'],
  description:
    'Find messages in the mailbox, newest first, with sender, subject and a few words of each. Use it to find the id ' +
    'of a message to read or answer. Gmail search words work: from:, to:, subject:, is:unread, newer_than:2d.',
  schema: raw,
  args,
  requests: {
    inspect: [],
    perform: [gmailRule('GET', '/messages'), gmailRule('GET', '/messages/{message}', MOST_MESSAGES)],
    reconcile: [],
  },

  resolve(given, context) {
    const query = given.query?.trim() || undefined;
    return Promise.resolve({
      args: toCanonical({ query, max: given.max, timeZone: context.timeZone }),
      facts: NO_ADDRESSES,
    });
  },

  preview: (call) => ({
    title: 'Search the mailbox',
    line:
      call.query === undefined ? `The newest ${count(call.max, 'message')}` : `Messages for “${call.query}”`,
    targets: [],
    fields: [
      ...showText('/query', 'Search for', call.query),
      { path: '/max', label: 'At most', value: String(call.max) },
      { path: '/timeZone', label: 'Time zone', value: call.timeZone },
    ],
    notes: [],
  }),

  async execute(call, { http }) {
    const { messages = [] } = await askGmail(
      http,
      { what: 'the mailbox', effect: false },
      listAnswer,
      (api) =>
        api.users.messages.list({
          userId: 'me',
          maxResults: call.max,
          ...(call.query === undefined ? {} : { q: call.query }),
        }),
    );
    const read = await Promise.all(messages.slice(0, call.max).map(({ id }) => getOverview(http, id)));
    const found = read
      .filter((message) => message !== null)
      .map((message) => describe(message, call.timeZone));
    return { summary: `Found ${count(found.length, 'message')}.`, data: { messages: found } };
  },
};

/** Null when the message was deleted since it was listed. */
async function getOverview(http: Http, id: string): Promise<MessageAnswer | null> {
  try {
    return await askGmail(http, { what: 'that message', effect: false }, messageAnswer, (api) =>
      api.users.messages.get({
        userId: 'me',
        id,
        format: 'metadata',
        metadataHeaders: ['From', 'To', 'Subject', 'Date'],
      }),
    );
  } catch (error) {
    if (error instanceof ProviderError && error.status === 404) return null;
    throw error;
  }
}

function describe(message: MessageAnswer, timeZone: string): Json {
  return {
    id: message.id,
    threadId: message.threadId,
    from: shortLine(readHeader(message, 'From'), 300),
    to: shortLine(readHeader(message, 'To'), 300),
    subject: shortLine(readHeader(message, 'Subject'), 300),
    date: readDate(message, timeZone),
    snippet: shortLine(decodeEntities(message.snippet ?? ''), 300),
  };
}
