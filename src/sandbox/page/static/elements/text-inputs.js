import { h } from '../dom.js';
import { plainText } from '../text/text-object.js';
import { commonAttributes } from './attributes.js';

const TYPES = {
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'text',
  plain_text_input: 'text',
};

/** A field for text, a number, a mail address or a web address. A live one is sent on Enter. */
export function buildTextInput(element, surface, place) {
  const attributes = {
    ...commonAttributes(element, place),
    class: 'field',
    placeholder: element.placeholder && plainText(element.placeholder),
    minlength: element.min_length,
    maxlength: element.max_length,
    autofocus: element.focus_on_load === true,
  };
  const input =
    element.multiline === true
      ? h('textarea', { ...attributes, rows: 4 })
      : h('input', {
          ...attributes,
          type: TYPES[element.type],
          inputmode: element.type === 'number_input' ? 'decimal' : undefined,
        });
  const read = () => ({ type: element.type, value: input.value === '' ? null : input.value });
  const write = ({ value }) => (input.value = value ?? '');
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing || !place.isLive || element.multiline === true) return;
    event.preventDefault();
    void surface.act(place.blockId, element, read(), event.currentTarget);
  });
  write({ value: element.initial_value });
  surface.addInput(place.blockId, element, { read, write });
  return input;
}

/** Rich text is typed as plain lines here, and sent as one rich text section. */
export function buildRichTextInput(element, surface, place) {
  const area = h('textarea', { ...commonAttributes(element, place), class: 'field', rows: 4 });
  const read = () => ({
    type: element.type,
    rich_text_value: area.value === '' ? null : toRichText(area.value),
  });
  const write = (state) => (area.value = textOf(state.rich_text_value));
  write({ rich_text_value: element.initial_value });
  surface.addInput(place.blockId, element, { read, write });
  return area;
}

function toRichText(text) {
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }] };
}

function textOf(block) {
  const sections = block?.elements ?? [];
  return sections.map(({ elements }) => elements.map(({ text = '' }) => text).join('')).join('\n');
}
