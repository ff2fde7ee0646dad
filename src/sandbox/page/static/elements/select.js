import { h } from '../dom.js';
import { plainText } from '../text/text-object.js';
import { commonAttributes, optionState } from './attributes.js';

/**
 * Every kind of select knows its choices, what was chosen first, and how Slack names the choice.
 * `toState` turns chosen values into Slack's words, `ofState` turns them back.
 */
export function describeSelect(element, { users, channels }) {
  const plain = (name) => ({
    toState: (values) => ({ [`selected_${name}s`]: values, [`selected_${name}`]: values[0] ?? null }),
    ofState: (state) => state[`selected_${name}s`] ?? [state[`selected_${name}`]].filter(Boolean),
    initial: element[`initial_${name}s`] ?? [element[`initial_${name}`]].filter(Boolean),
  });
  const kind = element.type.replace('multi_', '');
  if (kind === 'users_select') {
    const people = users.filter((user) => !user.deleted);
    return { ...plain('user'), groups: [{ options: people.map((user) => [user.id, user.realName]) }] };
  }
  if (kind === 'static_select') return describeStatic(element);
  const shown = channels.filter((one) => kind === 'conversations_select' || one.kind === 'channel');
  return {
    ...plain(kind === 'conversations_select' ? 'conversation' : 'channel'),
    groups: [{ options: shown.map((one) => [one.id, one.name]) }],
  };
}

function describeStatic(element) {
  const groups = element.option_groups ?? [{ options: element.options ?? [] }];
  const all = groups.flatMap(({ options }) => options);
  const chosen = (values) => all.filter(({ value }) => values.includes(value)).map(optionState);
  return {
    groups: groups.map(({ label, options }) => ({
      label: label && plainText(label),
      options: options.map((option) => [option.value, plainText(option.text)]),
    })),
    initial: (element.initial_options ?? [element.initial_option].filter(Boolean)).map(({ value }) => value),
    toState: (values) => ({ selected_options: chosen(values), selected_option: chosen(values)[0] ?? null }),
    ofState: (state) =>
      (state.selected_options ?? [state.selected_option].filter(Boolean)).map(({ value }) => value),
  };
}

/** A select for one choice. */
export function buildSelect(element, surface, place) {
  const { groups, initial, toState, ofState } = describeSelect(element, surface);
  const read = () => {
    const state = toState(select.value === '' ? [] : [select.value]);
    const single = Object.entries(state).filter(([name]) => !name.endsWith('s'));
    return { type: element.type, ...Object.fromEntries(single) };
  };
  const send = (event) => {
    if (place.isLive && select.value !== '')
      void surface.act(place.blockId, element, read(), event.currentTarget);
  };
  const placeholder = element.placeholder === undefined ? 'Choose…' : plainText(element.placeholder);
  const select = h(
    'select',
    { ...commonAttributes(element, place), class: 'field', onchange: send },
    h('option', { value: '' }, placeholder),
    groups.map(({ label, options }) => {
      const choices = options.map(([value, text]) => h('option', { value }, text));
      return label === undefined ? choices : h('optgroup', { label }, choices);
    }),
  );
  const write = (values) => (select.value = values[0] ?? '');
  write(initial);
  surface.addInput(place.blockId, element, { read, write: (state) => write(ofState(state)) });
  return select;
}
