import { h } from '../dom.js';
import { plainText } from '../text/text-object.js';
import { optionState } from './attributes.js';

/** The "…" menu of at most five choices; each is sent at once. Esc or a click elsewhere folds it in. */
export function buildOverflow(element, surface, { blockId }) {
  const choose = (option) => {
    menu.open = false;
    const state = { selected_option: optionState(option) };
    void surface.act(blockId, element, state, menu);
  };
  const items = element.options.map((option) =>
    h(
      'button',
      { class: 'menu-item', type: 'button', onclick: () => choose(option) },
      plainText(option.text),
    ),
  );
  const attributes = {
    class: 'button quiet',
    'data-focus': `${blockId}/${element.action_id}`,
    'data-action': element.action_id,
    'aria-label': element.accessibility_label ?? 'More actions',
  };
  const menu = h(
    'details',
    { class: 'menu', onfocusout: foldWhenLeft, onkeydown: foldOnEscape },
    h('summary', attributes, '•••'),
    h('div', { class: 'menu-list' }, items),
  );
  return menu;
}

function foldWhenLeft(event) {
  if (event.relatedTarget !== null && !event.currentTarget.contains(event.relatedTarget)) {
    event.currentTarget.open = false;
  }
}

function foldOnEscape(event) {
  if (event.key !== 'Escape' || !event.currentTarget.open) return;
  event.stopPropagation();
  event.preventDefault();
  event.currentTarget.open = false;
  event.currentTarget.querySelector('summary').focus();
}
