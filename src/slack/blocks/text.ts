import type { types } from '@slack/bolt';
import { reveal } from '../../approvals/presentation-size.ts';

/**
 * `&`, `<` and `>` are the only characters that mrkdwn gives a meaning and lets one escape.
 * https://docs.slack.dev/messaging/formatting-message-text
 */
export function escapeMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * One of our own sentences as mrkdwn: all of it escaped, since names and provider words may stand in it, except
 * mentions of members by id.
 */
export function writeSentence(text: string): string {
  return escapeWithin(text, 2_900).replace(/&lt;@([UW][A-Z0-9]{2,20})&gt;/g, '<@$1>');
}

/** Escapes, shortened so that the escaped text has at most `max` units. */
function escapeWithin(text: string, max: number): string {
  let limit = max;
  while (escapeMrkdwn(cut(text, limit)).length > max) limit = Math.floor(limit * 0.8);
  return escapeMrkdwn(cut(text, limit));
}

/** Shortens to at most `max` UTF-16 units, never inside a character. For text whose end may be left out. */
export function cut(text: string, max: number): string {
  const clean = text.toWellFormed();
  if (clean.length <= max) return clean;
  const end = (clean.codePointAt(max - 2) ?? 0) > 0xffff ? max - 2 : max - 1;
  return `${clean.slice(0, end)}…`;
}

/** Text whatever it holds; shown as it is, never parsed. `max` per Slack's limit of the place. */
export function plain(text: string, max: number): types.PlainTextElement {
  return { type: 'plain_text', text: cut(text === '' ? ' ' : text, max), emoji: false };
}

/** Foreign text for one line of plain text: what is hidden made visible, line breaks too. */
export function oneLine(text: string, max: number): string {
  return cut(reveal(text).replaceAll('\n', ' ⏎ '), max);
}

/** A section of foreign text. */
export function plainSection(text: string, accessory?: types.Button): types.SectionBlock {
  return {
    type: 'section',
    text: plain(text, 3000),
    ...(accessory === undefined ? {} : { accessory }),
  };
}

/** A line of our own sentences; see {@link writeSentence}. */
export function sentenceSection(text: string): types.SectionBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: writeSentence(text), verbatim: true } };
}

export function note(text: string): types.ContextBlock {
  return { type: 'context', elements: [plain(text, 2000)] };
}

export function header(text: string): types.HeaderBlock {
  return { type: 'header', text: plain(text, 150) };
}

export function button(
  label: string,
  actionId: string,
  value: string,
  style?: 'primary' | 'danger',
): types.Button {
  return {
    type: 'button',
    text: plain(label, 75),
    action_id: actionId,
    value,
    ...(style === undefined ? {} : { style }),
  };
}
