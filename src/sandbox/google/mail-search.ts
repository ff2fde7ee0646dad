import { headerOf, parseMessage, textOf } from './mime.ts';
import type { StoredMessage } from './mail-state.ts';
import { instantOf } from './zone.ts';

interface Searched {
  readonly message: StoredMessage;
  readonly header: (name: string) => string;
  readonly text: string;
}

type Test = (mail: Searched, value: string) => boolean;

const DAY_MS = 86_400_000;
const UNITS: Readonly<Record<string, number>> = { d: 1, m: 30, y: 365 };

/**
 * Compiles the part of Gmail's search language that clients use: from, to, cc, bcc, subject, is, in, label,
 * newer_than, older_than, after, before, rfc822msgid, has:attachment, quoted text, words, `-` and OR.
 * https://support.google.com/mail/answer/7190
 */
export function compileSearch(q: string, now: Date, zone: string): (message: StoredMessage) => boolean {
  const tests = buildTests(now, zone);
  const groups: string[][] = [];
  let joins = false;
  for (const term of q.match(/-?(?:[\w.]+:)?(?:"[^"]*"|\([^)]*\)|\S+)/g) ?? []) {
    if (term === 'OR' && groups.length > 0) {
      joins = true;
      continue;
    }
    if (joins) groups.at(-1)?.push(term);
    else groups.push([term]);
    joins = false;
  }
  const anywhere = /(^|\s)in:(anywhere|trash|spam)\b/i.test(q);
  return (message) => {
    if (!anywhere && message.labelIds.some((label) => label === 'TRASH' || label === 'SPAM')) return false;
    const part = parseMessage(Buffer.from(message.raw, 'base64'));
    const mail: Searched = {
      message,
      header: (name) => headerOf(part.headers, name).toLowerCase(),
      text: textOf(part).toLowerCase(),
    };
    return groups.every((terms) => terms.some((term) => matchTerm(tests, mail, term)));
  };
}

function matchTerm(tests: Readonly<Record<string, Test>>, mail: Searched, term: string): boolean {
  if (term.startsWith('-')) return !matchTerm(tests, mail, term.slice(1));
  const found = /^([\w.]+):(.+)$/s.exec(term);
  const test = found && tests[(found[1] ?? '').toLowerCase()];
  const value = (text: string): string => text.replace(/^["(](.*)[")]$/s, '$1').toLowerCase();
  if (test) return test(mail, value(found[2] ?? ''));
  const all = [...['from', 'to', 'cc', 'subject'].map(mail.header), mail.text].join('\n');
  return all.includes(value(term));
}

function buildTests(now: Date, zone: string): Readonly<Record<string, Test>> {
  const inHeader =
    (name: string): Test =>
    (mail, value) =>
      value.split(/\s+/).every((word) => mail.header(name).includes(word));
  const hasLabel: Test = ({ message }, value) => {
    if (value === 'anywhere') return true;
    const name = value.toUpperCase().replace(/^DRAFTS$/, 'DRAFT');
    if (name === 'READ') return !message.labelIds.includes('UNREAD');
    return message.labelIds.includes(name);
  };
  const within: Test = ({ message }, value) => now.getTime() - message.internalDate <= readAge(value);
  const after: Test = ({ message }, value) => message.internalDate >= readDate(value, zone);
  return {
    from: inHeader('from'),
    to: inHeader('to'),
    cc: inHeader('cc'),
    bcc: inHeader('bcc'),
    subject: inHeader('subject'),
    is: hasLabel,
    in: hasLabel,
    label: hasLabel,
    category: ({ message }, value) => message.labelIds.includes(`CATEGORY_${value.toUpperCase()}`),
    newer_than: within,
    older_than: (mail, value) => !within(mail, value),
    after,
    newer: after,
    before: (mail, value) => !after(mail, value),
    older: (mail, value) => !after(mail, value),
    rfc822msgid: ({ header }, value) =>
      header('message-id').replace(/[<>]/g, '') === value.replace(/[<>]/g, ''),
    has: (_, value) => value !== 'attachment',
  };
}

/** `3d`, `2m`, `1y` in milliseconds; anything else matches nothing. */
function readAge(value: string): number {
  const found = /^(\d{1,5})([dmy])$/.exec(value);
  return found ? Number(found[1]) * (UNITS[found[2] ?? ''] ?? 0) * DAY_MS : -1;
}

/** `2026/11/24`, `2026-11-24` (midnight in the person's zone) or seconds since the epoch. */
function readDate(value: string, zone: string): number {
  if (/^\d{9,}$/.test(value)) return Number(value) * 1000;
  const found = /^(\d{4})[/-](\d{1,2})[/-](\d{1,2})$/.exec(value);
  if (!found) return Infinity;
  const [, year = '', month = '', day = ''] = found;
  return instantOf(zone, `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}T00:00:00`);
}
