import { randomBytes } from 'node:crypto';
import { splitMessage } from './mime.ts';
import { encodeWords } from './mime-words.ts';

interface PlainMessage {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly date: Date;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A plain text message as the mail servers of other people would send it. */
export function buildMessage(message: PlainMessage): Buffer {
  const head = {
    'MIME-Version': '1.0',
    Date: message.date.toUTCString().replace('GMT', '+0000'),
    'Message-ID': newMessageId(),
    Subject: encodeWords(message.subject),
    From: message.from,
    To: message.to,
    ...message.headers,
    'Content-Type': 'text/plain; charset=UTF-8',
    'Content-Transfer-Encoding': 'base64',
  };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}`);
  const body = Buffer.from(message.text)
    .toString('base64')
    .replace(/.{76}(?=.)/g, '$&\r\n');
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}\r\n`, 'latin1');
}

export function newMessageId(): string {
  return `<CA${randomBytes(18).toString('base64url')}@mail.gmail.com>`;
}

/** The raw message with headers replaced (or added in front), or taken out when the new value is null. */
export function rewriteHeaders(raw: Buffer, changes: Readonly<Record<string, string | null>>): Buffer {
  const { head, body } = splitMessage(raw.toString('latin1'));
  const names = new Set(Object.keys(changes).map((name) => name.toLowerCase()));
  const kept = head
    .split(/\r?\n(?![ \t])/)
    .filter((line) => line !== '' && !names.has(line.slice(0, line.indexOf(':')).trim().toLowerCase()));
  const added = Object.entries(changes)
    .filter((entry): entry is [string, string] => entry[1] !== null)
    .map(([name, value]) => `${name}: ${value}`);
  return Buffer.from(`${[...added, ...kept].join('\r\n')}\r\n\r\n${body}`, 'latin1');
}
