import type { Effect } from '../http/store.ts';
import { parseAddresses, type Address } from './addresses.ts';
import { deliver, findThread, keepMessage } from './delivery.ts';
import { refuseInvalid, refuseMissing } from './errors.ts';
import { headerOf, parseMessage } from './mime.ts';
import { newMessageId, rewriteHeaders } from './mime-build.ts';
import { encodeWords } from './mime-words.ts';
import type { Mailbox, StoredMessage } from './mail-state.ts';
import type { Google, Person } from './state.ts';

/**
 * Sends a message from a mailbox: keeps the sender's copy, delivers to everybody who has a mailbox here.
 * Message-ID is always replaced, From is made the sender's own, Bcc is kept in the sender's copy alone.
 * The caller commits the effect.
 * @throws Refusal 400 without a recipient or with an address that is none
 */
export function send(
  google: Google,
  person: Person,
  mailbox: Mailbox,
  raw: Buffer,
  threadId: string | undefined,
): { message: StoredMessage; effect: Omit<Effect, 'at'> } {
  const { headers } = parseMessage(raw);
  const recipients = ['To', 'Cc', 'Bcc'].flatMap((name) => readRecipients(headerOf(headers, name), name));
  if (recipients.length === 0) throw refuseInvalid('gmail', 'Recipient address required');
  const sent = rewriteHeaders(raw, {
    'Message-ID': newMessageId(),
    Date: headerOf(headers, 'Date') || google.now().toUTCString().replace('GMT', '+0000'),
    From: senderOf(person, headerOf(headers, 'From')),
  });
  const toSelf = recipients.some(({ email }) => email === person.email);
  const labelIds = toSelf ? ['UNREAD', 'SENT', 'INBOX'] : ['SENT'];
  const message = keepMessage(google, mailbox, sent, { labelIds, threadId });
  const copy = rewriteHeaders(sent, { Bcc: null });
  const others = new Set(recipients.map(({ email }) => email).filter((email) => email !== person.email));
  for (const email of others) deliver(google, email, copy);
  const to = recipients.map(({ email }) => email).join(', ');
  const subject = headerOf(headers, 'Subject') || '(no subject)';
  return { message, effect: { kind: 'mail.sent', detail: `${person.email} to ${to}: ${subject}` } };
}

function readRecipients(header: string, name: string): Address[] {
  const addresses = parseAddresses(header);
  if (!addresses) throw refuseInvalid('gmail', `Invalid ${name} header`);
  return addresses;
}

function senderOf(person: Person, from: string): string {
  const given = parseAddresses(from)?.[0];
  const name = given?.email === person.email && given.name !== '' ? given.name : person.name;
  const plain = /^[\w .-]+$/.test(name) ? name : encodeWords(name);
  return `${plain === name || plain.startsWith('=?') ? plain : `"${plain.replace(/["\\]/g, '\\$&')}"`} <${person.email}>`;
}

/**
 * The thread a new message goes into. Gmail joins the one that is named only when the message answers it
 * and the subject is the same: https://developers.google.com/workspace/gmail/api/guides/threads
 * @throws Refusal 404 for a thread that is not there
 */
export function chooseThread(mailbox: Mailbox, raw: Buffer, asked: unknown): string | undefined {
  if (typeof asked !== 'string' || asked === '') return undefined;
  if (!mailbox.messages.some(({ threadId }) => threadId === asked)) throw refuseMissing('gmail');
  return findThread(mailbox, raw) === asked ? asked : undefined;
}
