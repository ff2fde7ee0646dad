import { z } from 'zod';
import type { Http } from '../action.ts';
import { isSameAddress, parseAddress } from '../addresses.ts';
import { shortLine } from '../fields.ts';
import { askGmail } from './client.ts';
import { messageAnswer, readHeader, type MessageAnswer } from './message.ts';

/** What ties a mail to the one it answers (RFC 5322 §3.6.4), and what the card says about that one. */
export const replyArgs = z.strictObject({
  message: z.string(),
  threadId: z.string(),
  inReplyTo: z.string(),
  references: z.array(z.string()),
  from: z.string(),
  subject: z.string(),
});

const HEADERS = ['From', 'To', 'Reply-To', 'Subject', 'Message-ID', 'References'];
const MOST_REFERENCES = 10;

/** Reads the message that is answered, and whom and how an answer goes. */
export async function readReply(http: Http, id: string, account: string) {
  const message = await askGmail(
    http,
    { what: 'the message to reply to', effect: false },
    messageAnswer,
    (api) => api.users.messages.get({ userId: 'me', id, format: 'metadata', metadataHeaders: HEADERS }),
  );
  const subject = shortLine(readHeader(message, 'Subject'), 900);
  const [inReplyTo = ''] = listIds(readHeader(message, 'Message-ID'));
  return {
    to: await findAuthors(message, account),
    subject: /^re:/i.test(subject) ? subject : `Re: ${subject}`.trim(),
    reply: {
      message: message.id,
      threadId: message.threadId,
      inReplyTo,
      references: shorten([...listIds(readHeader(message, 'References')), inReplyTo].filter(Boolean)),
      from: shortLine(readHeader(message, 'From'), 300),
      subject,
    },
  };
}

/** Reply-To, else From; for a mail of one's own, those it went to. */
async function findAuthors(message: MessageAnswer, account: string): Promise<string[]> {
  const authors = await parseList(readHeader(message, 'Reply-To') || readHeader(message, 'From'));
  const isOwn = authors.length > 0 && authors.every((address) => isSameAddress(address, account));
  return isOwn ? parseList(readHeader(message, 'To')) : authors;
}

async function parseList(header: string): Promise<string[]> {
  const { default: parse } = await import('nodemailer/lib/addressparser');
  return parse(header, { flatten: true }).flatMap(({ address }) => parseAddress(address) ?? []);
}

/** Only whole message ids are taken over, so that nothing else of a stranger's header comes into ours. */
function listIds(header: string): string[] {
  return header.match(/<[^<>\s\p{Cc}]{1,250}>/gu) ?? [];
}

/** The first and the last ones, which clients thread by. */
function shorten(ids: string[]): string[] {
  return ids.length <= MOST_REFERENCES ? ids : [...ids.slice(0, 1), ...ids.slice(1 - MOST_REFERENCES)];
}
