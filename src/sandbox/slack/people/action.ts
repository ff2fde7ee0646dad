import { isObject } from '../blocks/rules.ts';
import { findElements, valueName, type FoundElement } from '../form-state.ts';
import type { Choice, Json } from '../world.ts';

const plain = (text: string): Json => ({ type: 'plain_text', text, emoji: true });

/** @throws Error when there is no such element to act on */
export function findElement(blocks: unknown, choice: Choice): FoundElement {
  const found = findElements(blocks).find(
    (one) => one.blockId === choice.block_id && one.element['action_id'] === choice.action_id,
  );
  if (found === undefined)
    throw new Error(`There is no element ${choice.block_id}/${choice.action_id} to act on.`);
  return found;
}

function optionsOf(element: Json): Json[] {
  const groups = Array.isArray(element['option_groups']) ? (element['option_groups'] as unknown[]) : [];
  return [element['options'], ...groups.filter(isObject).map((group) => group['options'])]
    .flat()
    .filter(isObject);
}

/** An option by its value, or as given where the app serves the options itself. */
function pick(element: Json, chosen: unknown): Json | null {
  if (chosen === null || chosen === undefined) return null;
  const value = isObject(chosen) ? chosen['value'] : chosen;
  if (String(element['type']).includes('external')) {
    return isObject(chosen) ? chosen : { text: plain(String(value)), value };
  }
  const option = optionsOf(element).find((one) => one['value'] === value);
  if (option === undefined) throw new Error(`There is no option ${String(value)}.`);
  return option;
}

function chosenValue(element: Json, choice: Choice): Json {
  const type = String(element['type']);
  if (type === 'button') return element['value'] === undefined ? {} : { value: element['value'] };
  if (type === 'feedback_buttons') return { value: choice['value'] };
  if (type === 'overflow')
    return { selected_option: pick(element, choice['selected_option'] ?? choice['value']) };
  const name = valueName(type);
  if (name === undefined) return { value: element['value'] ?? '' };
  const chosen = choice[name];
  if (name === 'selected_option') return { [name]: pick(element, chosen ?? choice['value']) };
  if (name === 'selected_options') {
    return { [name]: (Array.isArray(chosen) ? chosen : []).map((one: unknown) => pick(element, one)) };
  }
  return { [name]: chosen ?? choice['value'] ?? null };
}

/** What a form holds for an element after a choice: `{type, selected_option: …}`. */
export function heldValue(element: Json, choice: Choice): Json {
  return { type: element['type'], ...chosenValue(element, choice) };
}

const CARRIED = [
  'text',
  'placeholder',
  'confirm',
  'url',
  'style',
  'icon',
  'initial_option',
  'initial_options',
  'initial_user',
  'initial_date',
];

/** One entry of `actions` in a block_actions payload. */
export function buildAction({ element, blockId }: FoundElement, choice: Choice, actionTs: string): Json {
  const carried = CARRIED.filter((name) => element[name] !== undefined).map((name) => [name, element[name]]);
  return {
    action_id: element['action_id'],
    block_id: blockId,
    type: element['type'],
    ...(Object.fromEntries(carried) as Json),
    ...chosenValue(element, choice),
    action_ts: actionTs,
  };
}
