import { isObject } from './blocks/rules.ts';
import type { Json } from './world.ts';

/** `state.values`: what each element holds, by block id and action id. */
export type Values = Record<string, Record<string, Json>>;

/** How an element's value is called in `state.values`, what it starts from, and what it is when empty. */
const HOLDS: Readonly<
  Record<string, { readonly name: string; readonly from?: string; readonly empty: unknown }>
> = {
  plain_text_input: { name: 'value', from: 'initial_value', empty: null },
  email_text_input: { name: 'value', from: 'initial_value', empty: null },
  url_text_input: { name: 'value', from: 'initial_value', empty: null },
  number_input: { name: 'value', from: 'initial_value', empty: null },
  rich_text_input: { name: 'rich_text_value', from: 'initial_value', empty: undefined },
  static_select: { name: 'selected_option', from: 'initial_option', empty: null },
  external_select: { name: 'selected_option', from: 'initial_option', empty: null },
  radio_buttons: { name: 'selected_option', from: 'initial_option', empty: null },
  multi_static_select: { name: 'selected_options', from: 'initial_options', empty: [] },
  multi_external_select: { name: 'selected_options', from: 'initial_options', empty: [] },
  checkboxes: { name: 'selected_options', from: 'initial_options', empty: [] },
  users_select: { name: 'selected_user', from: 'initial_user', empty: null },
  multi_users_select: { name: 'selected_users', from: 'initial_users', empty: [] },
  conversations_select: { name: 'selected_conversation', from: 'initial_conversation', empty: null },
  multi_conversations_select: { name: 'selected_conversations', from: 'initial_conversations', empty: [] },
  channels_select: { name: 'selected_channel', from: 'initial_channel', empty: null },
  multi_channels_select: { name: 'selected_channels', from: 'initial_channels', empty: [] },
  datepicker: { name: 'selected_date', from: 'initial_date', empty: null },
  timepicker: { name: 'selected_time', from: 'initial_time', empty: null },
  datetimepicker: { name: 'selected_date_time', from: 'initial_date_time', empty: null },
  file_input: { name: 'files', empty: [] },
};

/** The property that carries an element type's value; undefined for buttons and menus without a state. */
export function valueName(type: string): string | undefined {
  return Object.hasOwn(HOLDS, type) ? HOLDS[type]?.name : undefined;
}

export interface FoundElement {
  readonly blockId: string;
  readonly element: Json;
  readonly block: Json;
}

/** Every element in blocks that has an action id, wherever it sits. */
export function findElements(blocks: unknown): FoundElement[] {
  if (!Array.isArray(blocks)) return [];
  return blocks.filter(isObject).flatMap((block) => {
    const blockId = String(block['block_id'] ?? '');
    const inside = [block['accessory'], block['element'], block['elements'], block['actions']].flat();
    const own = inside
      .filter(isObject)
      .filter((element) => typeof element['action_id'] === 'string')
      .map((element) => ({ blockId, element, block }));
    const nested = block['type'] === 'carousel' ? block['elements'] : block['child_blocks'];
    return [...own, ...findElements(nested)];
  });
}

/** The values a fresh form has, keeping `before` where block id, action id and type are the same. */
export function formValues(blocks: unknown, before: Values = {}): Values {
  const values: Values = {};
  for (const { blockId, element } of findElements(blocks)) {
    const type = String(element['type']);
    const holds = HOLDS[type];
    if (holds === undefined) continue;
    const actionId = String(element['action_id']);
    const kept = before[blockId]?.[actionId];
    const initial = holds.from === undefined ? undefined : element[holds.from];
    const held = kept?.['type'] === type ? kept : { type, [holds.name]: initial ?? holds.empty };
    (values[blockId] ??= {})[actionId] = held;
  }
  return values;
}
