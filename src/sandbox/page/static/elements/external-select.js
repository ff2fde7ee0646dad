import { post } from '../api.js';
import { h } from '../dom.js';
import { notify } from '../notices.js';
import { plainText } from '../text/text-object.js';
import { commonAttributes, optionState } from './attributes.js';

const PAUSE_MS = 250;
let lists = 0;

/** A select whose options the app gives while one types: a field with suggestions. */
export function buildExternalSelect(element, surface, place) {
  lists += 1;
  const listId = `suggestions-${lists}`;
  const list = h('datalist', { id: listId });
  const placeholder = element.placeholder === undefined ? 'Type to search…' : plainText(element.placeholder);
  const field = h('input', {
    ...commonAttributes(element, place),
    class: 'field',
    list: listId,
    placeholder,
  });
  let options = [element.initial_option].filter(Boolean);
  let waiting;

  const chosen = () => options.find((option) => plainText(option.text) === field.value);
  const read = () => ({ type: element.type, selected_option: chosen() ? optionState(chosen()) : null });
  const write = ({ selected_option: option }) => {
    if (option) options = [option, ...options];
    field.value = option ? plainText(option.text) : '';
  };
  const suggest = async () => {
    if (field.value.length < (element.min_query_length ?? 3)) return;
    const action = { block_id: place.blockId, action_id: element.action_id, value: field.value };
    try {
      const answer = await post('suggest', { user: surface.me.id, target: surface.target, action });
      options = answer.options ?? (answer.option_groups ?? []).flatMap((group) => group.options);
      list.replaceChildren(...options.map((option) => h('option', { value: plainText(option.text) })));
    } catch (error) {
      notify(error.message);
    }
  };
  field.addEventListener('input', () => {
    clearTimeout(waiting);
    if (chosen() === undefined) waiting = setTimeout(() => void suggest(), PAUSE_MS);
  });
  field.addEventListener('change', (event) => {
    if (place.isLive && chosen() !== undefined)
      void surface.act(place.blockId, element, read(), event.currentTarget);
  });
  write({ selected_option: element.initial_option });
  surface.addInput(place.blockId, element, { read, write });
  return h('span', { class: 'external' }, field, list);
}
