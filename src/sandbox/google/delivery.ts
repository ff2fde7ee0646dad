import { randomBytes } from 'node:crypto';
import { headerOf, parseMessage } from './mime.ts';
import type { Mailbox, StoredMessage } from './mail-state.ts';
import { nextRevision, type Google } from './state.ts';

export function findMailbox(google: Google, email: string): Mailbox | null {
  return google.store.state.mailboxes.find((mailbox) => mailbox.email === email) ?? null;
}

/** 16 hex digits, as Gmail's message and thread ids look. */
export function newId(): string {
  return `19${randomBytes(7).toString('hex')}`;
}

/** Adds a message to a mailbox. The caller commits. */
export function keepMessage(
  google: Google,
  mailbox: Mailbox,
  raw: Buffer,
  facts: { readonly labelIds: readonly string[]; readonly threadId?: string | undefined; readonly at?: Date },
): StoredMessage {
  const id = newId();
  const message: StoredMessage = {
    id,
    threadId: facts.threadId ?? findThread(mailbox, raw) ?? id,
    labelIds: facts.labelIds,
    raw: raw.toString('base64'),
    internalDate: (facts.at ?? google.now()).getTime(),
    historyId: nextRevision(google.store.state),
  };
  mailbox.messages.push(message);
  return message;
}

/** Puts a message into the inbox of someone who has one here; mail to others leaves the sandbox unseen. */
export function deliver(google: Google, email: string, raw: Buffer, labels: readonly string[] = []): void {
  const mailbox = findMailbox(google, email);
  if (mailbox)
    keepMessage(google, mailbox, raw, { labelIds: ['UNREAD', 'INBOX', 'CATEGORY_PERSONAL', ...labels] });
}

/**
 * The thread of the message this one answers: In-Reply-To or References name it (RFC 5322 §3.6.4) and the
 * subject is the same. Null when it begins a thread of its own.
 */
export function findThread(mailbox: Mailbox, raw: Buffer): string | null {
  const { headers } = parseMessage(raw);
  const named: string[] =
    `${headerOf(headers, 'References')} ${headerOf(headers, 'In-Reply-To')}`.match(/<[^<>\s]+>/g) ?? [];
  if (named.length === 0) return null;
  const subject = bareSubject(headerOf(headers, 'Subject'));
  const parent = mailbox.messages.findLast((message) => {
    const other = parseMessage(Buffer.from(message.raw, 'base64')).headers;
    return (
      named.includes(headerOf(other, 'Message-ID')) && bareSubject(headerOf(other, 'Subject')) === subject
    );
  });
  return parent?.threadId ?? null;
}

function bareSubject(subject: string): string {
  return subject
    .replace(/^(?:(?:re|fwd?|aw|wg)\s*:\s*)+/i, '')
    .trim()
    .toLowerCase();
}
