import { h } from '../dom.js';
import { emojiOf } from './emoji.js';
import { renderMrkdwn } from './mrkdwn.js';

/** A Block Kit text object (plain_text or mrkdwn) as nodes. */
export function renderText(text, ctx, tag = 'div', attributes = {}) {
  const content =
    text.type === 'mrkdwn' ? renderMrkdwn(text.text, ctx, text.verbatim === true) : plainText(text);
  return h(tag, { class: 'text', ...attributes }, content);
}

/** The characters of a plain_text object: nothing is parsed but emoji names. */
export function plainText({ text, emoji = true }) {
  return emoji ? text.replaceAll(/:([a-z0-9_+-]+):/g, (_, name) => emojiOf(name)) : text;
}
