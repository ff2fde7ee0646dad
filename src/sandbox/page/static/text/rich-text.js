import { h, link } from '../dom.js';
import { emojiOf } from './emoji.js';
import { channelMention, userMention } from './mentions.js';
import { slackDate } from './time.js';

/** A rich_text block as nodes: its text is never parsed, only placed. */
export function renderRichText(block, ctx) {
  return h(
    'div',
    { class: 'rich-text' },
    block.elements.map((part) => renderPart(part, ctx)),
  );
}

function renderPart(part, ctx) {
  const inline = () => part.elements.map((element) => renderElement(element, ctx));
  switch (part.type) {
    case 'rich_text_section':
      return h('div', { class: 'text' }, inline());
    case 'rich_text_quote':
      return h('blockquote', { class: 'text' }, inline());
    case 'rich_text_preformatted':
      return h('pre', {}, h('code', {}, inline()));
    case 'rich_text_list':
      return h(
        part.style === 'ordered' ? 'ol' : 'ul',
        {
          class: `text indent-${Math.min(part.indent ?? 0, 5)}`,
          start: part.offset ? part.offset + 1 : null,
        },
        part.elements.map((item) =>
          h(
            'li',
            {},
            item.elements.map((element) => renderElement(element, ctx)),
          ),
        ),
      );
    default:
      return h('div', { class: 'unknown' }, `(${part.type})`);
  }
}

function renderElement(element, ctx) {
  return applyStyle(contentOf(element, ctx), element.style ?? {});
}

function contentOf(element, ctx) {
  switch (element.type) {
    case 'text':
      return element.text;
    case 'link':
      return link(element.url, element.text ?? element.url);
    case 'user':
      return userMention(element.user_id, ctx);
    case 'channel':
      return channelMention(element.channel_id, ctx);
    case 'broadcast':
      return h('span', { class: 'mention' }, `@${element.range}`);
    case 'usergroup':
      return h('span', { class: 'mention' }, `@${element.usergroup_id}`);
    case 'emoji':
      return emojiOf(element.name);
    case 'date': {
      const time = h('time', {}, slackDate(element.timestamp, element.format, ctx.me.tz));
      return element.url === undefined ? time : link(element.url, time);
    }
    case 'color':
      return h('code', {}, element.value);
    default:
      return `(${element.type})`;
  }
}

const STYLES = { code: 'code', bold: 'strong', italic: 'em', strike: 's', underline: 'u' };

function applyStyle(content, style) {
  return Object.entries(STYLES).reduce(
    (inner, [name, tag]) => (style[name] === true ? h(tag, {}, inner) : inner),
    content,
  );
}
