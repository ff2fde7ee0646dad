import { h } from '../dom.js';
import { renderRichText } from '../text/rich-text.js';

/** A `table` or a `data_table`; the latter has a caption and pages. The first row holds the headings. */
export function renderTable(block, surface) {
  const [head = [], ...rows] = block.rows;
  const body = h('tbody');
  const cell = (tag, content, column) =>
    h(
      tag,
      {
        class: `align-${block.column_settings?.[column]?.align ?? 'left'}`,
        scope: tag === 'th' ? 'col' : null,
      },
      content.type === 'rich_text' ? renderRichText(content, surface) : content.text,
    );
  const line = (row) =>
    h(
      'tr',
      {},
      row.map((content, column) => cell('td', content, column)),
    );
  const show = (from, to) => body.replaceChildren(...rows.slice(from, to).map(line));
  const table = h(
    'table',
    {},
    block.caption && h('caption', {}, block.caption),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        head.map((content, column) => cell('th', content, column)),
      ),
    ),
    body,
  );
  const size = block.type === 'data_table' ? (block.page_size ?? 5) : rows.length;
  show(0, size);
  const scroller = h(
    'div',
    { class: 'table-scroll', tabindex: '0', role: 'group', 'aria-label': 'Table' },
    table,
  );
  return rows.length <= size ? scroller : [scroller, buildPager(rows.length, size, show)];
}

function buildPager(count, size, show) {
  let first = 0;
  const label = h('span', { 'aria-live': 'polite' });
  const step = (by) => {
    first += by;
    back.disabled = first === 0;
    next.disabled = first + size >= count;
    label.textContent = `${first + 1}–${Math.min(first + size, count)} of ${count}`;
    show(first, first + size);
  };
  const back = h('button', { class: 'button', type: 'button', onclick: () => step(-size) }, 'Previous');
  const next = h('button', { class: 'button', type: 'button', onclick: () => step(size) }, 'Next');
  step(0);
  return h('div', { class: 'pager' }, back, label, next);
}
