import { h } from '../dom.js';
import { buildElement } from '../elements/build-element.js';
import { renderText } from '../text/text-object.js';
import { imageOf } from './images.js';

/** Longer sections are folded unless they say `expand: true`, as in Slack. */
const FOLDED_CHARACTERS = 700;

export function renderSection(block, surface, blockId) {
  const place = { blockId, isLive: true };
  const { text, fields, accessory } = block;
  return h(
    'div',
    { class: 'section' },
    h(
      'div',
      { class: 'section-body' },
      text && renderFolded(text, surface, block.expand === true),
      fields &&
        h(
          'div',
          { class: 'fields' },
          fields.map((field) => renderText(field, surface)),
        ),
    ),
    accessory &&
      h(
        'div',
        { class: 'accessory' },
        accessory.type === 'image' ? imageOf(accessory) : buildElement(accessory, surface, place),
      ),
  );
}

function renderFolded(text, surface, isExpanded) {
  const node = renderText(text, surface);
  if (isExpanded || text.text.length <= FOLDED_CHARACTERS) return node;
  node.classList.add('folded');
  const unfold = (event) => {
    node.classList.remove('folded');
    event.currentTarget.remove();
  };
  return [node, h('button', { class: 'more', type: 'button', onclick: unfold }, 'See more')];
}
