import { h, link } from '../dom.js';
import { plainText } from '../text/text-object.js';

/** A button; with a url it is a link that also tells the app it was clicked, as in Slack. */
export function buildButton(element, surface, { blockId }) {
  const attributes = {
    class: `button ${element.style ?? ''}`,
    'data-focus': `${blockId}/${element.action_id}`,
    'data-action': element.action_id,
    'aria-label': element.accessibility_label,
  };
  const value = element.value === undefined ? {} : { value: element.value };
  const send = (event) =>
    surface.act(blockId, element, { text: element.text, ...value }, event.currentTarget);
  if (element.url === undefined) {
    return h('button', { ...attributes, type: 'button', onclick: send }, plainText(element.text));
  }
  const anchor = link(element.url, plainText(element.text));
  for (const [name, text] of Object.entries(attributes))
    if (text !== undefined) anchor.setAttribute(name, text);
  anchor.addEventListener('click', send);
  return anchor;
}

export function buildIconButton(element, surface, place) {
  const isForMe = element.visible_to_user_ids?.includes(surface.me.id) ?? true;
  return isForMe ? buildButton({ ...element, style: 'quiet' }, surface, place) : h('span');
}

/** Thumbs up and down under an answer; each sends its own value. */
export function buildFeedback(element, surface, place) {
  const one = (button) => {
    const shown = { ...element, ...button, style: 'quiet', confirm: undefined };
    return buildButton(shown, surface, place);
  };
  return h('span', { class: 'feedback' }, one(element.positive_button), one(element.negative_button));
}
