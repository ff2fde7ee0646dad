import { checkSuggestions } from '../blocks/check.ts';
import { isObject } from '../blocks/rules.ts';
import { enterValues } from '../form-enter.ts';
import { formValues, valueName, type Values } from '../form-state.ts';
import { valuesOf, withValues } from '../view-object.ts';
import type { Choice, ClickTarget, Json } from '../world.ts';
import type { Workspace } from '../workspace.ts';
import { buildAction, findElement, heldValue } from './action.ts';
import { actorPart, findSurface, type Surface } from './surface.ts';

/** What a person reads when the app does not answer. */
const NO_ANSWER = 'AgentDesk did not answer in time. Try again.';

function hold(values: Values, choice: Choice, held: Json): Values {
  return { ...values, [choice.block_id]: { ...values[choice.block_id], [choice.action_id]: held } };
}

/** Keeps what was chosen, and what was typed beside it, in the view or form the element belongs to. */
function remember(
  workspace: Workspace,
  userId: string,
  surface: Surface,
  choice: Choice,
  entered: Values = {},
): Surface {
  const { element } = findElement(surface.blocks, choice);
  const { view } = surface.part;
  const before = isObject(view) ? valuesOf(view) : formValues(surface.blocks);
  const typed = enterValues(surface.blocks, before, entered);
  const keeps = valueName(String(element['type'])) !== undefined;
  const values = keeps ? hold(typed, choice, heldValue(element, choice)) : typed;
  if (!isObject(view)) return { ...surface, part: { ...surface.part, state: { values } } };
  const changed = withValues(view, values);
  if (surface.home) workspace.store.data.homes[userId] = changed;
  else workspace.modals.patch(String(surface.viewId), (open) => ({ ...open, view: changed }));
  workspace.store.touch();
  return { ...surface, part: { ...surface.part, view: changed } };
}

/** Acts on an element. @throws Error when it is not there, or when the app does not acknowledge within 3 s */
export async function click(
  workspace: Workspace,
  userId: string,
  target: ClickTarget,
  choice: Choice,
): Promise<void> {
  const surface = remember(workspace, userId, findSurface(workspace, userId, target), choice, target.values);
  const action = buildAction(findElement(surface.blocks, choice), choice, workspace.store.nextTs());
  const modal = surface.home ? undefined : (surface.viewId ?? undefined);
  const payload = {
    type: 'block_actions',
    ...actorPart(workspace, userId),
    ...surface.part,
    trigger_id: workspace.triggers.issue(userId, modal),
    actions: [action],
  };
  const receipt = await workspace.delivery.ask('interactive', payload);
  if (receipt.status !== 'acked') throw new Error(NO_ANSWER);
}

/** Asks for the options of an external select. @throws Error when the app's answer is late or not valid */
export async function suggest(
  workspace: Workspace,
  userId: string,
  target: ClickTarget,
  choice: Choice & { readonly value: string },
): Promise<Json> {
  const surface = findSurface(workspace, userId, target);
  const { element, blockId } = findElement(surface.blocks, choice);
  if (!String(element['type']).includes('external')) throw new Error('That menu is not filled by the app.');
  const payload = {
    type: 'block_suggestion',
    ...actorPart(workspace, userId),
    ...surface.part,
    action_id: choice.action_id,
    block_id: blockId,
    value: choice.value,
  };
  const receipt = await workspace.delivery.ask('interactive', payload);
  if (receipt.status !== 'acked') throw new Error(NO_ANSWER);
  const problems = checkSuggestions(receipt.payload);
  if (problems.length > 0 || !isObject(receipt.payload)) {
    workspace.violations.record('block_suggestion', 'invalid_options', JSON.stringify(problems));
    throw new Error('The app offered options that cannot be shown.');
  }
  return receipt.payload;
}
