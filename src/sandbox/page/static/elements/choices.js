import { h } from '../dom.js';
import { renderText } from '../text/text-object.js';
import { commonAttributes, optionState } from './attributes.js';

let groups = 0;

/** Radio buttons: one of at most ten. */
export function buildRadios(element, surface, place) {
  return buildChoices(element, surface, place, {
    kind: 'radio',
    initial: [element.initial_option].filter(Boolean),
    toState: (options) => ({ selected_option: options[0] ?? null }),
    ofState: (state) => [state.selected_option].filter(Boolean),
  });
}

/** Checkboxes: any of at most ten. */
export function buildCheckboxes(element, surface, place) {
  return buildChoices(element, surface, place, {
    kind: 'checkbox',
    initial: element.initial_options ?? [],
    toState: (options) => ({ selected_options: options }),
    ofState: (state) => state.selected_options,
  });
}

function buildChoices(element, surface, place, { kind, initial, toState, ofState }) {
  groups += 1;
  const name = `choices-${groups}`;
  const boxes = element.options.map((option) => h('input', { type: kind, name, value: option.value ?? '' }));
  const write = (options) =>
    boxes.forEach((box) => {
      box.checked = options.some(({ value }) => value === box.value);
    });
  const read = () => {
    const options = element.options.filter((_, index) => boxes[index].checked).map(optionState);
    return { type: element.type, ...toState(options) };
  };
  const send = (event) => {
    if (place.isLive) void surface.act(place.blockId, element, read(), event.currentTarget);
  };
  write(initial);
  surface.addInput(place.blockId, element, { read, write: (state) => write(ofState(state)) });
  const role = kind === 'radio' ? 'radiogroup' : 'group';
  return h(
    'div',
    { ...commonAttributes(element, place), class: 'choice-list', role, tabindex: '-1', onchange: send },
    element.options.map((option, index) =>
      h(
        'label',
        { class: 'choice' },
        boxes[index],
        h(
          'span',
          {},
          renderText(option.text, surface, 'span'),
          option.description &&
            renderText(option.description, surface, 'span', { class: 'text choice-note' }),
        ),
      ),
    ),
  );
}
