import { fragment, h, link } from '../dom.js';
import { emojiOf } from './emoji.js';
import { channelMention, userMention } from './mentions.js';
import { slackDate } from './time.js';

/**
 * Slack's mrkdwn as nodes (docs.slack.dev, formatting message text). `& < >` are its only escapes.
 * @param {string} text
 * @param {object} ctx who reads: `me.tz`, `users`, `channels`
 * @param {boolean} [isVerbatim] leaves bare addresses alone
 */
export function renderMrkdwn(text, ctx, isVerbatim = false) {
  const parts = text.split(/```\n?([\s\S]*?)\n?```/);
  return fragment(
    parts.map((part, index) => {
      if (index % 2 === 1) return h('pre', {}, h('code', {}, unescape(part)));
      return quotesAndLines(trimAroundCode(part, index, parts.length), ctx, isVerbatim);
    }),
  );
}

function trimAroundCode(part, index, count) {
  const start = index > 0 ? part.replace(/^\n/, '') : part;
  return index < count - 1 ? start.replace(/\n$/, '') : start;
}

function quotesAndLines(text, ctx, isVerbatim) {
  const runs = [];
  for (const line of text.split('\n')) {
    const quoted = /^(?:>|&gt;) ?(.*)$/.exec(line);
    const isQuote = quoted !== null;
    if (runs.at(-1)?.isQuote !== isQuote) runs.push({ isQuote, lines: [] });
    runs.at(-1).lines.push(isQuote ? quoted[1] : line);
  }
  return runs.map(({ isQuote, lines }) => {
    const content = renderInline(lines.join('\n'), ctx, isVerbatim);
    return isQuote ? h('blockquote', {}, content) : content;
  });
}

// A style opens after a non-word character and closes before one; it does not cross a line.
const STYLE = (mark) =>
  `(?<![\\w${mark}])${mark}(?=\\S)((?:<[^<>\\n]*>|\`[^\`\\n]*\`|[^${mark}\\n])+?)(?<=\\S)${mark}(?![\\w${mark}])`;
const TOKEN = new RegExp(
  [
    '<([^<>\\n]+)>',
    '`([^`\\n]+)`',
    STYLE('\\*'),
    STYLE('_'),
    STYLE('~'),
    '(https?://[^\\s<>|]*[^\\s<>|.,;:!?)\'"])',
    ':([a-z0-9_+-]+):',
  ].join('|'),
  'i',
);

function renderInline(text, ctx, isVerbatim) {
  const nodes = [];
  let rest = text;
  for (let match = TOKEN.exec(rest); match !== null; match = TOKEN.exec(rest)) {
    nodes.push(unescape(rest.slice(0, match.index)), renderToken(match, ctx, isVerbatim));
    rest = rest.slice(match.index + match[0].length);
  }
  return [...nodes, unescape(rest)];
}

function renderToken([whole, angle, code, bold, italic, strike, url, emoji], ctx, isVerbatim) {
  if (angle !== undefined) return renderAngle(angle, ctx);
  if (code !== undefined) return h('code', {}, unescape(code));
  if (bold !== undefined) return h('strong', {}, renderInline(bold, ctx, isVerbatim));
  if (italic !== undefined) return h('em', {}, renderInline(italic, ctx, isVerbatim));
  if (strike !== undefined) return h('s', {}, renderInline(strike, ctx, isVerbatim));
  if (url !== undefined) return isVerbatim ? unescape(url) : link(unescape(url));
  return emoji === undefined ? whole : emojiOf(emoji);
}

function renderAngle(content, ctx) {
  const bar = content.indexOf('|');
  const target = unescape(bar < 0 ? content : content.slice(0, bar));
  const label = bar < 0 ? null : unescape(content.slice(bar + 1));
  if (target.startsWith('@')) return userMention(target.slice(1), ctx, label);
  if (target.startsWith('#')) return channelMention(target.slice(1), ctx, label);
  if (target.startsWith('!date^')) return renderDate(target.split('^'), label, ctx);
  if (target.startsWith('!')) return h('span', { class: 'mention' }, label ?? `@${target.slice(1)}`);
  return link(target, label ?? target.replace(/^mailto:/, ''));
}

function renderDate([, seconds, template, url], fallback, ctx) {
  const isDate = /^\d+$/.test(seconds ?? '') && template !== undefined;
  const shown = isDate ? slackDate(Number(seconds), template, ctx.me.tz) : (fallback ?? '');
  const time = h(
    'time',
    isDate ? { datetime: new Date(seconds * 1000).toISOString(), title: fallback } : {},
    shown,
  );
  return url === undefined ? time : link(url, time);
}

function unescape(text) {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
