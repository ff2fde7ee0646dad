import { h, link } from '../dom.js';
import { plainText, renderText } from '../text/text-object.js';

/** The page loads nothing from elsewhere, so an image is shown as its alternative text and a link. */
export function imageOf({ image_url: url, alt_text: alt }) {
  const label = `Image: ${alt}`;
  return h('span', { class: 'image-stand-in' }, url === undefined ? label : link(url, label));
}

export function renderImage(block) {
  return h('figure', {}, block.title && h('figcaption', {}, plainText(block.title)), imageOf(block));
}

export function renderContext(block, surface) {
  return h(
    'div',
    { class: 'context' },
    block.elements.map((element) =>
      element.type === 'image' ? imageOf(element) : renderText(element, surface, 'span'),
    ),
  );
}
