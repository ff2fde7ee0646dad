import { findElements, valueName, type Values } from './form-state.ts';
import type { Json } from './world.ts';

/**
 * What Slack's own client checks before it sends a form to the app.
 * @returns a sentence per block id; empty when the form may be sent
 */
export function checkForm(blocks: unknown, values: Values): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { blockId, block, element } of findElements(blocks)) {
    if (block['type'] !== 'input') continue;
    const name = valueName(String(element['type']));
    if (name === undefined) continue;
    const value = values[blockId]?.[String(element['action_id'])]?.[name];
    const empty =
      value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
    const problem = empty
      ? block['optional'] === true
        ? null
        : 'Please complete this required field.'
      : checkValue(element, value);
    if (problem !== null) errors[blockId] = problem;
  }
  return errors;
}

function checkValue(element: Json, value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const least = Number(element['min_length'] ?? 0);
  const most = Number(element['max_length'] ?? 3000);
  if (value.length < least) return `Please enter at least ${least} characters.`;
  if (value.length > most) return `Please enter no more than ${most} characters.`;
  switch (element['type']) {
    case 'email_text_input':
      return /^\S+@\S+\.\S+$/.test(value) ? null : 'Please enter a valid email address.';
    case 'url_text_input':
      return URL.canParse(value) ? null : 'Please enter a valid URL.';
    case 'number_input':
      return checkNumber(element, value);
    default:
      return null;
  }
}

function checkNumber(element: Json, value: string): string | null {
  const pattern = element['is_decimal_allowed'] === true ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/;
  if (!pattern.test(value)) return 'Please enter a valid number.';
  if (element['min_value'] !== undefined && Number(value) < Number(element['min_value'])) {
    return `Please enter a number that is at least ${String(element['min_value'])}.`;
  }
  if (element['max_value'] !== undefined && Number(value) > Number(element['max_value'])) {
    return `Please enter a number that is at most ${String(element['max_value'])}.`;
  }
  return null;
}
