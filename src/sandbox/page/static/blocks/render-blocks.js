import { h } from '../dom.js';
import { renderMarkdown } from '../text/markdown.js';
import { renderRichText } from '../text/rich-text.js';
import { plainText, renderText } from '../text/text-object.js';
import { buildElement } from '../elements/build-element.js';
import { renderChart } from './charts.js';
import { renderAlert, renderCard, renderCarousel, renderContainer } from './cards.js';
import { renderContext, renderImage } from './images.js';
import { renderInput } from './input.js';
import { renderSection } from './section.js';
import { renderTable } from './tables.js';
import { renderPlan, renderTaskCard } from './tasks.js';

const RENDERERS = {
  header: (block) => h('h3', { class: 'block-header' }, plainText(block.text)),
  divider: () => h('hr'),
  section: renderSection,
  context: renderContext,
  image: renderImage,
  actions: renderActions,
  context_actions: renderActions,
  input: renderInput,
  rich_text: renderRichText,
  markdown: (block) => h('div', { class: 'markdown' }, renderMarkdown(block.text)),
  alert: renderAlert,
  card: renderCard,
  carousel: (block, surface, blockId) => renderCarousel(block, surface, blockId),
  container: (block, surface) => renderContainer(block, surface, renderBlocks),
  table: renderTable,
  data_table: renderTable,
  data_visualization: renderChart,
  task_card: renderTaskCard,
  plan: renderPlan,
  video: (block, surface) => renderText(block.title, surface),
};

/**
 * Block Kit as nodes.
 * @param {readonly object[]} blocks
 * @param {object} surface from `createSurface`: who reads, and where actions go
 */
export function renderBlocks(blocks, surface) {
  return blocks.map((block, index) => {
    const blockId = block.block_id ?? `block-${index}`;
    const render = RENDERERS[block.type];
    const content =
      render === undefined
        ? h('span', { class: 'unknown' }, `(${block.type} is not shown in the sandbox)`)
        : render(block, surface, blockId);
    return h('div', { class: `block block-${block.type}`, 'data-block': blockId }, content);
  });
}

function renderActions(block, surface, blockId) {
  const place = { blockId, isLive: true };
  return h(
    'div',
    { class: 'actions' },
    block.elements.map((element) => buildElement(element, surface, place)),
  );
}
