import { tidy, type Scope } from './grammar.ts';
import { sortHidden } from './hidden-parts.ts';
import { HIDDEN } from './mask.ts';
import { readPeople, type Person } from './people.ts';

/** A mail as far as one clause tells. */
export interface MailParts {
  readonly to: readonly Person[];
  readonly cc: readonly Person[];
  readonly bcc: readonly Person[];
  readonly subject: string | null;
  readonly text: string | null;
  /** True when it is to tell about the request before it ("the new time", "about it"). */
  readonly tellsBefore: boolean;
}

const NEWS =
  /\b(?:about (?:it|this|that)|(?:about |with |of )?(?:the|its) (?:new )?(?:time|date|place|room|link|details?|result|outcome|issue(?: link| number)?|event|change|update)|(?:that|when) it(?:'s| is)(?: \w+)?|what changed)\b/i;
const SUBJECT = new RegExp(
  `\\b(?:with (?:the )?)?(?:subject(?: line)?\\s*:?|about|re:|regarding|titled)\\s+(?!${HIDDEN})([^\\n;]+?)(?=\\s*(?:[;\\n]|$|,\\s*(?:cc|bcc|to|text|body)\\b|\\s(?:cc|bcc|to)\\s*:?\\s))`,
  'i',
);
const NOUNS =
  /\b(?:an?|the|another|quick|short|new)?\s*\b(?:e-?mails?|mails?|messages?|notes?|drafts?|reply)\b/gi;

/**
 * Reads recipients, subject and text.
 * @param said the clause without its verb
 * @param tells whether the verb alone asks to pass on what was done ("tell ben@acme.test")
 */
export function readMailParts(said: string, scope: Scope, tells = false): MailParts {
  const hidden = sortHidden(said);
  let rest = hidden.rest;
  // "about it" needs something it can point at; on its own it is just words.
  const tellsBefore = scope.before !== null && (NEWS.test(rest) || (tells && hidden.text === null));
  if (tellsBefore) rest = rest.replace(NEWS, ' ');
  const spoken = SUBJECT.exec(rest);
  if (spoken) rest = `${rest.slice(0, spoken.index)} ${rest.slice(spoken.index + spoken[0].length)}`;
  const subject = hidden.title ?? spoken?.[1] ?? null;
  const lists = splitLists(rest.replace(NOUNS, ' '));
  return {
    to: readList(lists.to, scope),
    cc: readList(lists.cc, scope),
    bcc: readList(lists.bcc, scope),
    subject: subject === null ? null : tidy(subject, scope) || null,
    text: hidden.text === null ? null : scope.reveal(hidden.text).trim() || null,
    tellsBefore,
  };
}

function splitLists(text: string): { to: string; cc: string; bcc: string } {
  const lists = { to: '', cc: '', bcc: '' };
  let kind: 'to' | 'cc' | 'bcc' = 'to';
  for (const piece of text.split(/\b(to|bcc|cc|copy|copying)\b:?(?![\w.@-])/i)) {
    const marker = piece.toLowerCase();
    if (marker === 'to' || marker === 'cc' || marker === 'bcc') kind = marker;
    else if (/^copy(?:ing)?$/.test(marker)) kind = 'cc';
    else lists[kind] += ` , ${piece}`;
  }
  return lists;
}

function readList(text: string, scope: Scope): Person[] {
  const pronoun = /\b(?:him|her|them|everyone|the guests|all guests)\b/i.test(text);
  const before = pronoun ? (scope.before?.people ?? []).map((address) => ({ address })) : [];
  return [
    ...before,
    ...readPeople(
      scope
        .reveal(text)
        .replace(/\b(?:with|subject|text|body|saying|know|let|the guests|all guests)\b/gi, ' '),
      scope.context.member,
    ),
  ];
}
