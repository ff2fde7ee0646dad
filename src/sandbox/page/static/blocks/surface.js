import { post } from '../api.js';
import { askConfirm } from '../elements/confirm.js';
import { whileBusy } from '../notices.js';

/**
 * Where blocks are shown: a message, a modal or the App Home. It knows the inputs that were built on it and
 * sends what is done with them, as Slack's client does.
 * @param {object} reader `me`, `users`, `channels`, `refresh()`
 * @param {object} target `{channel, ts}`, `{viewId}` or `{home: true}`
 * @param {object} [previous] values to keep where block_id, action_id and type are still the same
 */
export function createSurface(reader, target, previous = {}) {
  const inputs = [];
  const surface = {
    ...reader,
    target,
    /** Registers a control; `read()` and `write(state)` speak Slack's `view.state.values`. */
    addInput(blockId, element, control) {
      inputs.push({ blockId, actionId: element.action_id, control });
      const kept = previous[blockId]?.[element.action_id];
      if (kept?.type === element.type) control.write(kept);
    },
    values() {
      const values = {};
      for (const { blockId, actionId, control } of inputs)
        (values[blockId] ??= {})[actionId] = control.read();
      return values;
    },
    /** Sends an action: asks first where the element says so, and disables its block meanwhile. */
    async act(blockId, element, state, node) {
      if (element.confirm !== undefined && !(await askConfirm(element.confirm, reader))) return;
      const block = node.closest('.block') ?? node;
      await whileBusy(block.querySelectorAll('button, input, select, textarea'), async () => {
        const values = inputs.length > 0 ? { values: surface.values() } : {};
        const action = { block_id: blockId, action_id: element.action_id, type: element.type, ...state };
        await post('click', { user: reader.me.id, target: { ...target, ...values }, action });
        await reader.refresh();
      });
    },
  };
  return surface;
}
