import { h } from '../dom.js';
import { plainText } from '../text/text-object.js';
import { commonAttributes } from './attributes.js';
import { describeSelect } from './select.js';

/** A select for many choices: a fold-out list of checkboxes. A live one sends when it is folded in again. */
export function buildMultiSelect(element, surface, place) {
  const { groups, initial, toState, ofState } = describeSelect(element, surface);
  const placeholder = element.placeholder === undefined ? 'Choose…' : plainText(element.placeholder);
  const summary = h('summary', { ...commonAttributes(element, place), class: 'field' });
  const boxes = [];
  const chosen = () => boxes.filter((box) => box.checked);
  const read = () => {
    const state = toState(chosen().map((box) => box.value));
    const many = Object.entries(state).filter(([name]) => name.endsWith('s'));
    return { type: element.type, ...Object.fromEntries(many) };
  };
  const show = () => {
    const names = chosen().map((box) => box.dataset.name);
    summary.textContent = names.length === 0 ? placeholder : names.join(', ');
    const isFull = chosen().length >= (element.max_selected_items ?? Infinity);
    for (const box of boxes) box.disabled = isFull && !box.checked;
  };
  const write = (values) => {
    for (const box of boxes) box.checked = values.includes(box.value);
    show();
  };
  const line = ([value, text]) => {
    const box = h('input', { type: 'checkbox', value, 'data-name': text, onchange: show });
    boxes.push(box);
    return h('label', { class: 'choice' }, box, text);
  };
  const lists = groups.map(({ label, options }) =>
    h('div', { role: 'group', 'aria-label': label }, label && h('strong', {}, label), options.map(line)),
  );
  let before = '';
  const toggled = (event) => {
    const now = JSON.stringify(read());
    if (event.currentTarget.open) before = now;
    else if (place.isLive && now !== before)
      void surface.act(place.blockId, element, read(), event.currentTarget);
  };
  write(initial);
  surface.addInput(place.blockId, element, { read, write: (state) => write(ofState(state)) });
  return h(
    'details',
    { class: 'multi', ontoggle: toggled },
    summary,
    h('div', { class: 'multi-list' }, lists),
  );
}
