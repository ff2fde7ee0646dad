import { findElements, type Values } from './form-state.ts';

/**
 * Puts what a person entered over what a form holds.
 * @throws Error for a field that the form does not have
 */
export function enterValues(blocks: unknown, held: Values, entered: Values): Values {
  const values = structuredClone(held);
  const elements = findElements(blocks);
  for (const [blockId, actions] of Object.entries(entered)) {
    for (const [actionId, value] of Object.entries(actions)) {
      const found = elements.find((one) => one.blockId === blockId && one.element['action_id'] === actionId);
      if (found === undefined) throw new Error(`There is no field ${blockId}/${actionId} to fill in.`);
      (values[blockId] ??= {})[actionId] = { ...value, type: found.element['type'] };
    }
  }
  return values;
}
