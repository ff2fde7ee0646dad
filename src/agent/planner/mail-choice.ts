import { sayMail, tellFailure } from './answer.ts';
import { fitsWords, numberLines, pickFrom } from './choose.ts';
import { tidy, whenOf, type Scope } from './grammar.ts';
import { ADDRESS, HIDDEN } from './mask.ts';
import { ask, probeTool, type Ending, type MailChoice, type Plan } from './plan.ts';
import type { When } from './read-time.ts';
import { readMails, type MailItem } from './results.ts';

const NAME =
  "(?!the\\b|my\\b|a\\b|an\\b|all\\b|any\\b|me\\b|it\\b|him\\b|her\\b|them\\b|today|yesterday|last\\b|this\\b|mail|e-?mail|message)[\\p{L}][\\p{L}'-]{1,30}";
const SENDER = new RegExp(
  `\\b(?:from|by)\\s+(${ADDRESS}|${HIDDEN}|${NAME})|(?:^|\\s)(${ADDRESS}|${NAME})'s\\s+(?:\\w+\\s+)?(?:mails?|e-?mails?|messages?)\\b`,
  'iu',
);
const ABOUT = new RegExp(
  `\\b(?:about|regarding|for|on|re|containing|mentioning|titled|called|with (?:the )?subject|with (?:the )?words?)\\s*:?\\s+(${HIDDEN}|.+?)(?=\\s+(?:from|by|in my|in the|saying)\\b|[,;]|$)`,
  'iu',
);

/** Builds a Gmail search from words such as "unread from priya about Q4 plan since monday"; empty when they say nothing. */
export function readMailQuery(words: string, scope: Scope): string {
  const when = whenOf(words.replace(SENDER, ' '), scope);
  const sender = SENDER.exec(words);
  const about = ABOUT.exec(when.rest);
  const from = tidy((sender?.[1] ?? sender?.[2] ?? '').replace(/'s$/, ''), scope);
  const to = new RegExp(`\\bto\\s+(${ADDRESS})`, 'i').exec(words)?.[1];
  const loose = new RegExp(HIDDEN).exec(words.replace(SENDER, ' '))?.[0] ?? '';
  const subject = tidy(
    (about?.[1] ?? loose)
      .replace(/^(?:the|my|our)\s+/i, '')
      .replace(/\b(?:in )?(?:my |the )?(?:inbox|mails?|e-?mails?)$/i, ''),
    scope,
  );
  const terms = [
    /\bunread\b|\bnew mail|\bnew e-?mail|\bnew message/i.test(words) ? 'is:unread' : '',
    /\bstarred\b/i.test(words) ? 'is:starred' : '',
    /\battachments?\b/i.test(words) ? 'has:attachment' : '',
    /\bsent\b/i.test(words) ? 'in:sent' : '',
    from ? `from:${from.includes(' ') ? `(${from})` : from}` : '',
    to ? `to:${to}` : '',
    /^(?:me|it|this|that)$/i.test(subject) ? '' : subject,
    ...timeTerms(words, when),
  ];
  return terms.filter((term) => term !== '').join(' ');
}

function timeTerms(words: string, when: When): string[] {
  const days = /\b(?:last|past) (\d{1,3}) days\b/i.exec(words)?.[1];
  if (days) return [`newer_than:${days}d`];
  if (/\btoday\b/i.test(words)) return ['newer_than:1d'];
  if (/\bthis week\b/i.test(words)) return ['newer_than:7d'];
  const gmail = (local: string) => local.slice(0, 10).replaceAll('-', '/');
  if (when.range) return [`after:${gmail(when.range.from)}`, `before:${gmail(when.range.to)}`];
  if (when.date === null) return [];
  const after = `after:${gmail(when.date)}`;
  if (/\bsince\b/i.test(words)) return [after];
  const next = new Date(Date.parse(`${when.date}T00:00Z`) + 86_400_000).toISOString();
  return [after, `before:${gmail(next)}`];
}

/** Reads which one mail is meant: "priya's mail about Q4", "the latest mail from ben@acme.test", "ben@acme.test". */
export function readMailChoice(words: string, scope: Scope): MailChoice | null {
  const bare = new RegExp(`^\\s*(${ADDRESS}|${NAME})\\s*$`, 'iu').exec(words)?.[1];
  const query = bare ? `from:${bare.replace(/'s$/, '')}` : readMailQuery(words, scope);
  const newest = bare !== undefined || /\b(?:last|latest|newest|most recent)\b/i.test(words);
  if (query === '' && !newest) return null;
  return { query: query || 'in:inbox', newest, words: tidy(words, scope) };
}

/** Looks the mail up; asks when none was named or several fit, and ends the request when none does. */
export function* chooseMail(
  choice: MailChoice | null,
  scope: Scope,
): Plan<{ mail: MailItem } | { ending: Ending }> {
  const wanted =
    choice ?? (yield* ask('mail', [], (text) => readMailChoice(text, scope) ?? wordsAsChoice(text)));
  const label = 'look through your mail';
  const found = yield* probeTool('gmail_messages_list', { query: wanted.query, max: 10 }, label);
  if (!found.ok) return { ending: tellFailure(label, found) };
  const mails = readMails(found.data);
  const [first] = mails;
  if (first === undefined) {
    return {
      ending: { ok: false, text: `I found no mail for “${wanted.query}”, so I did nothing with it.` },
    };
  }
  if (mails.length === 1 || wanted.newest) return { mail: first };
  const lines = [`${mails.length} mails fit:`, ...numberLines(mails.map(sayMail))];
  const mail = yield* ask('mail', lines, (text) =>
    pickFrom(mails, text, (one, words) =>
      fitsWords(
        `${one.from} ${one.subject}`,
        words.replace(/\b(?:the|one|mail|e-?mail|from|about|with)\b/gi, ' '),
      ),
    ),
  );
  return { mail };
}

function wordsAsChoice(text: string): MailChoice | null {
  const words = text.trim();
  return words === '' ? null : { query: words, newest: false, words };
}
