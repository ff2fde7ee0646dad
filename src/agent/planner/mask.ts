/**
 * Quoted words and free text are taken out before any grammar looks at a sentence, each replaced by one
 * private-use character, so that "and cancel it" inside a mail's body can never be read as a request.
 */
interface Masked {
  readonly text: string;
  /** The same text with every hidden part put back, without its quotes. */
  readonly reveal: (text: string) => string;
}

/** Source of a regular expression that matches one hidden part. */
export const HIDDEN = '[\\uE000-\\uF8FF]';

/** Source of a regular expression that matches one e-mail address. Bounded, so that it stays linear. */
export const ADDRESS = '[\\w.+-]{1,64}@[\\w-]{1,63}(?:\\.[\\w-]{1,63}){1,8}';

/** Words after which the rest is the person's own text. */
const MARKER = new RegExp(
  [
    '\\b(?:saying|that says|which says|to say(?: that)?',
    '|the following|(?:with|and) (?:the |a )?(?:text|body|message|words|comment|description)(?: saying)?(?=[\\s:])',
    '|(?:text|body|message|content|description)(?=\\s*:))\\s*[:,]?\\s*(?:that\\s+)?(?=\\S)',
  ].join(''),
  'gi',
);

const WHO = `(?:${ADDRESS}|(?!me\\b|us\\b|you\\b)[a-z][\\w-]{1,30})`;
const NOT_TEXT = '(?!about\\b|re\\b|regarding\\b|the (?:new )?(?:time|date|link)\\b|when\\b|that it\\b)';

const OTHER_TEXT_STARTS = [
  new RegExp(
    `(?:${ADDRESS}|[\\w.-]#\\d{1,9}|/issues/\\d{1,9}|\\sissue #?\\d{1,9})\\s*:\\s*(?!subject\\b|body\\b|text\\b)(?=\\S)`,
    'i',
  ),
  new RegExp(`\\b(?:tell|inform)\\s+${WHO},?\\s+(?:that\\s+)?${NOT_TEXT}(?=\\S)`, 'i'),
  new RegExp(`\\blet\\s+${WHO}\\s+know,?\\s+(?:that\\s+)?${NOT_TEXT}(?=\\S)`, 'i'),
  new RegExp(`${ADDRESS}\\s+that\\s+(?=\\S)`, 'i'),
  /\b(?:reply|respond|answer|comment)\b[^:\n]{0,150}:\s+(?=\S)/i,
  new RegExp(`\\b(?:mail|e-?mail|message|tell)\\s+${WHO}\\s*:\\s+(?=\\S)`, 'i'),
  new RegExp(
    `^[^\\n]*\\b(?:mail|email|e-mail|write|send|draft|reply)\\b[^\\n]*${ADDRESS}[^\\n]*\\n+(?!\\s*\\w+\\s*:)(?=\\S)`,
    'i',
  ),
];

/** Where an unquoted text ends because the same line goes on with another request that names its target. */
const NEXT_REQUEST = new RegExp(
  [
    '[,.;]?\\s+(?:and then|and also|and|then)\\s+(?=',
    `(?:e-?mail|mail|send|write|tell|draft)\\b[^\\n]{0,60}${ADDRESS}`,
    '|(?:open|create|file|close|reopen|comment|label|rename)\\b[^\\n]{0,60}\\b[\\w.-]{1,40}/[\\w.-]{1,100}',
    '|(?:cancel|move|reschedule|schedule|book)\\b[^\\n]{0,60}\\d)',
  ].join(''),
  'i',
);

/** Hides quoted parts and free text of a person's message. */
export function maskText(said: string): Masked {
  const hidden: { plain: string; raw: string }[] = [];
  const hide = (plain: string, raw: string) => {
    hidden.push({ plain, raw });
    return String.fromCharCode(0xe000 + hidden.length - 1);
  };
  const put = (text: string, as: 'plain' | 'raw') =>
    text.replace(new RegExp(HIDDEN, 'g'), (one) => hidden[one.charCodeAt(0) - 0xe000]?.[as] ?? '');
  const hideText = (text: string, start: number) => {
    const line = text.slice(start).split('\n', 1)[0] ?? '';
    const next = NEXT_REQUEST.exec(line);
    const end = next ? start + next.index : text.length;
    const raw = put(text.slice(start, end), 'raw').trim();
    return text.slice(0, start) + hide(raw, raw) + text.slice(end);
  };

  let text = hideQuotes(normalise(said), hide);
  const start = findTextStart(text);
  if (start !== null) text = hideText(text, start);
  return { text, reveal: (part) => put(part, 'plain') };
}

/** Plain quotes and spaces, Slack's link markup reduced to what it shows; nothing that looks hidden already. */
function normalise(said: string): string {
  return said
    .replace(new RegExp(HIDDEN, 'g'), '')
    .replace(/\r\n?/g, '\n')
    .replace(/[\u201c\u201d\u201e\u201f\u00ab\u00bb]/g, '"')
    .replace(/[\u2018\u2019\u201a\u201b]/g, "'")
    .replace(/[\u00a0\u2007\u202f]/g, ' ')
    .replace(/<mailto:([^|>\s]{1,254})(?:\|[^>]{0,254})?>/g, '$1')
    .replace(/<(https?:\/\/[^|>\s]{1,2000})(?:\|[^>]{0,2000})?>/g, '$1')
    .trim();
}

/** One pass, and no second search for a closing quote that is known to be missing: stays linear. */
function hideQuotes(text: string, hide: (plain: string, raw: string) => string): string {
  let out = '';
  let position = 0;
  const unclosed = new Set<string>();
  let count = 0;
  while (position < text.length) {
    const mark = text.charAt(position);
    const opens =
      (mark === '"' || mark === "'" || mark === '`') && /^$|[\s(:,=]/.test(text.charAt(position - 1));
    const end = opens && !unclosed.has(mark) && count < 200 ? findClosing(text, mark, position + 1) : -1;
    if (opens && end < 0) unclosed.add(mark);
    if (end > position + 1) {
      out += hide(text.slice(position + 1, end).trim(), text.slice(position, end + 1));
      count += 1;
      position = end + 1;
    } else {
      out += mark;
      position += 1;
    }
  }
  return out;
}

function findClosing(text: string, mark: string, from: number): number {
  for (let at = text.indexOf(mark, from); at >= 0; at = text.indexOf(mark, at + 1)) {
    if (mark !== "'" || !/\w/.test(text.charAt(at + 1))) return at;
  }
  return -1;
}

function findTextStart(text: string): number | null {
  const starts: number[] = [];
  for (const match of text.matchAll(MARKER)) {
    const start = match.index + match[0].length;
    if (isHiddenWhole(text, start)) continue;
    starts.push(start);
    break;
  }
  for (const pattern of OTHER_TEXT_STARTS) {
    const match = pattern.exec(text);
    const start = match ? match.index + match[0].length : -1;
    if (match && !isHiddenWhole(text, start)) starts.push(start);
  }
  return starts.length > 0 ? Math.min(...starts) : null;
}

/** Whether a quote at `start` is the whole text, and not merely its first words. */
function isHiddenWhole(text: string, start: number): boolean {
  return new RegExp(
    `^${HIDDEN}\\s*(?:$|[.,;!\\n]|(?:and|then|cc|bcc|to|about|with|in|on|at|label\\w*|tagged|assign\\w*|please|thanks|as|re|regarding)\\b)`,
    'i',
  ).test(text.slice(start, start + 40));
}
