import { h } from '../dom.js';
import { buildElement } from '../elements/build-element.js';
import { renderRichText } from '../text/rich-text.js';
import { plainText, renderText } from '../text/text-object.js';
import { imageOf } from './images.js';

export function renderCard(block, surface, blockId) {
  const place = { blockId, isLive: true };
  return h(
    'div',
    { class: 'card' },
    block.hero_image && imageOf(block.hero_image),
    block.title && renderText(block.title, surface, 'div', { class: 'text card-title' }),
    block.subtitle && renderText(block.subtitle, surface, 'div', { class: 'text card-subtitle' }),
    block.body && renderText(block.body, surface),
    block.actions &&
      h(
        'div',
        { class: 'actions' },
        block.actions.map((button) => buildElement(button, surface, place)),
      ),
  );
}

export function renderCarousel(block, surface, blockId) {
  const cards = block.elements.map((card, index) =>
    renderCard(card, surface, card.block_id ?? `${blockId}-${index}`),
  );
  return h('div', { class: 'carousel', tabindex: '0', role: 'group', 'aria-label': 'Cards' }, cards);
}

/** @param renderBlocks how the blocks inside are shown (handed in: it lives in the file that uses this one) */
export function renderContainer(block, surface, renderBlocks) {
  const title = block.title
    ? plainText(block.title)
    : block.rich_text_title && renderRichText(block.rich_text_title, surface);
  const subtitle =
    block.subtitle && renderText(block.subtitle, surface, 'div', { class: 'text card-subtitle' });
  const blocks = renderBlocks(block.child_blocks, surface);
  if (block.is_collapsible !== true) {
    return h('div', { class: 'card' }, title && h('div', { class: 'card-title' }, title), subtitle, blocks);
  }
  const summary = h('summary', {}, title ?? 'Details');
  return h('details', { class: 'card', open: block.default_collapsed !== true }, summary, subtitle, blocks);
}

export function renderAlert(block, surface) {
  const level = block.level ?? 'default';
  return h('div', { class: `alert ${level}`, role: 'note' }, renderText(block.text, surface));
}
