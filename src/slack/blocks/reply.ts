import type { types } from '@slack/bolt';
import type { Card } from './card.ts';
import * as rich from './rich.ts';
import { cut, escapeMrkdwn, writeSentence } from './text.ts';

/** A message is at most so long; longer answers become several. */
const LONGEST = 3_500;

/** Splits an answer at line ends where it can, never inside a character. */
export function splitReply(text: string): string[] {
  const pieces: string[] = [];
  let rest = text.toWellFormed().trim();
  while (rest.length > LONGEST) {
    const window = rest.slice(0, LONGEST);
    const line = window.lastIndexOf('\n');
    const space = window.lastIndexOf(' ');
    let end = line > LONGEST / 2 ? line : space > LONGEST / 2 ? space : LONGEST;
    if ((rest.codePointAt(end - 1) ?? 0) > 0xffff) end -= 1;
    pieces.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  if (rest !== '' || pieces.length === 0) pieces.push(rest === '' ? '(no answer)' : rest);
  return pieces.filter((piece) => piece !== '');
}

/** The parts of an answer that are shown otherwise than as plain text: links, **bold** and `code`. */
const PARTS = /(https?:\/\/[^\s<>"'`)\]]+|\*\*[^*\n]{1,300}\*\*|`[^`\n]{1,300}`)/;

/**
 * An answer of the model: shown as text and nothing else. No mentions, no labelled links, no pictures; a link shows
 * where it leads.
 */
export function buildReply(text: string): Card {
  const parts = text.split(PARTS).flatMap(showPart);
  const blocks: types.KnownBlock[] = [rich.richText(rich.section(...parts.slice(0, 900)))];
  const whole = parts.length <= 900;
  return {
    text: escapeMrkdwn(text),
    blocks: whole ? blocks : [rich.richText(rich.section(...rich.words(cut(text, LONGEST))))],
  };
}

function showPart(part: string): types.RichTextElement[] {
  if (part.startsWith('http')) {
    const trailing = /[.,;:!?]+$/.exec(part)?.[0] ?? '';
    return [...rich.link(part.slice(0, part.length - trailing.length)), ...rich.words(trailing)];
  }
  if (/^\*\*[^*]+\*\*$/.test(part)) return rich.words(part.slice(2, -2), { bold: true });
  if (/^`[^`]+`$/.test(part)) return rich.words(part.slice(1, -1), { code: true });
  return rich.words(part);
}

/** One of our own sentences as a message. */
export function buildNoticeMessage(text: string): Card {
  const sentence = writeSentence(text);
  return {
    text: sentence,
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: sentence, verbatim: true } }],
  };
}
