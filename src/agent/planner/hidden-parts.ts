import { HIDDEN } from './mask.ts';

/** What the hidden parts of a clause are for, each revealed only later. */
interface HiddenParts {
  /** A mail's subject or an issue's title. */
  readonly title: string | null;
  /** A mail's or comment's text, an issue's body. */
  readonly text: string | null;
  /** The clause without them and the words that introduced them. */
  readonly rest: string;
}

const TITLE_BEFORE =
  /\b(?:(?:with (?:the |a )?)?(?:subject(?: line)?|title)|about|re|regarding|titled|called|named|entitled)\s*:?\s*$/i;
const TEXT_BEFORE =
  /(?:\b(?:saying|that says|which says|to say|(?:with |and )?(?:the |a )?(?:text|body|message|content|words|comment|description)|that|know|say|with|the following)\s*[:,]?\s*(?:that\s+)?)$/i;

/** Sorts quoted words and free text by the word in front of them; what is left over goes to the gap that remains. */
export function sortHidden(clause: string): HiddenParts {
  let title: string | null = null;
  let text: string | null = null;
  const left: string[] = [];
  let rest = '';
  let position = 0;
  for (const match of clause.matchAll(new RegExp(HIDDEN, 'g'))) {
    const before = clause.slice(position, match.index);
    position = match.index + 1;
    if (TITLE_BEFORE.test(before) && title === null) {
      title = match[0];
      rest += before.replace(TITLE_BEFORE, ' ');
    } else if (TEXT_BEFORE.test(before) && text === null) {
      text = match[0];
      rest += before.replace(TEXT_BEFORE, ' ');
    } else if (/\b(?:label\w*|tag\w*|as|from|in|cc|bcc|to)\s*:?\s*$/i.test(before)) {
      rest += before + match[0];
    } else {
      left.push(match[0]);
      rest += `${before} `;
    }
  }
  rest += clause.slice(position);
  if (title === null && (text !== null || left.length > 1)) title = left.shift() ?? null;
  if (text === null) text = left.shift() ?? null;
  return { title, text, rest };
}
