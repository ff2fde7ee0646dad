import { fragment, h, link } from '../dom.js';

const BLOCKS = [
  { start: /^```/, build: readFence },
  { start: /^#{1,6} /, build: readHeading },
  { start: /^(-{3,}|\*{3,})$/, build: (lines) => (lines.shift(), h('hr')) },
  {
    start: /^> ?/,
    build: (lines) => h('blockquote', {}, renderMarkdown(takeWhile(lines, /^> ?/).join('\n'))),
  },
  { start: /^[-*+] /, build: (lines) => readList(lines, 'ul', /^[-*+] /) },
  { start: /^\d+[.)] /, build: (lines) => readList(lines, 'ol', /^\d+[.)] /) },
];

/** The common part of Markdown that a `markdown` block may hold, as nodes: headings, lists, quotes, code, links. */
export function renderMarkdown(text) {
  const lines = text.split('\n');
  const nodes = [];
  while (lines.length > 0) {
    const kind = BLOCKS.find(({ start }) => start.test(lines[0]));
    if (kind !== undefined) nodes.push(kind.build(lines));
    else if (lines[0].trim() === '') lines.shift();
    else nodes.push(readParagraph(lines));
  }
  return fragment(nodes);
}

function takeWhile(lines, pattern) {
  const taken = [];
  while (lines.length > 0 && pattern.test(lines[0])) taken.push(lines.shift().replace(pattern, ''));
  return taken;
}

function readFence(lines) {
  lines.shift();
  const end = lines.findIndex((line) => line.startsWith('```'));
  const code = lines.splice(0, end < 0 ? lines.length : end);
  lines.shift();
  return h('pre', {}, h('code', {}, code.join('\n')));
}

function readHeading(lines) {
  return h('p', { class: 'md-heading' }, h('strong', {}, inline(lines.shift().replace(/^#+ /, ''))));
}

function readList(lines, tag, pattern) {
  return h(
    tag,
    {},
    takeWhile(lines, pattern).map((item) => h('li', {}, inline(item))),
  );
}

function readParagraph(lines) {
  const taken = [];
  while (lines.length > 0 && lines[0].trim() !== '' && !BLOCKS.some(({ start }) => start.test(lines[0]))) {
    taken.push(lines.shift());
  }
  return h('p', { class: 'text' }, inline(taken.join('\n')));
}

const INLINE =
  /`([^`]+)`|\[([^\]]+)\]\(([^()\s]+)\)|\*\*(\S[^*]*?)\*\*|~~(\S[^~]*?)~~|(?<!\w)[*_](\S[^*_]*?)[*_](?!\w)|(https?:\/\/[^\s<>]*[^\s<>.,;:!?)])/;

function inline(text) {
  const nodes = [];
  let rest = text;
  for (let match = INLINE.exec(rest); match !== null; match = INLINE.exec(rest)) {
    const [whole, code, label, target, bold, strike, italic, url] = match;
    nodes.push(rest.slice(0, match.index));
    if (code !== undefined) nodes.push(h('code', {}, code));
    else if (target !== undefined) nodes.push(link(target, inline(label)));
    else if (bold !== undefined) nodes.push(h('strong', {}, inline(bold)));
    else if (strike !== undefined) nodes.push(h('s', {}, inline(strike)));
    else if (italic !== undefined) nodes.push(h('em', {}, inline(italic)));
    else nodes.push(link(url));
    rest = rest.slice(match.index + whole.length);
  }
  return [...nodes, rest];
}
