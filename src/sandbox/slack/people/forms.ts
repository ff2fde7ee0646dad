import { isObject } from '../blocks/rules.ts';
import { checkForm } from '../form-check.ts';
import { enterValues } from '../form-enter.ts';
import type { Values } from '../form-state.ts';
import { Refusal } from '../refusal.ts';
import { valuesOf, withValues } from '../view-object.ts';
import type { Json, OpenView } from '../world.ts';
import type { Workspace } from '../workspace.ts';
import { actorPart } from './surface.ts';

interface Submitted {
  readonly ok: boolean;
  readonly errors?: Record<string, string>;
}

const TROUBLE: Submitted = { ok: false, errors: { '': 'We had some trouble connecting. Try again?' } };

function topView(workspace: Workspace, userId: string, viewId: string): OpenView {
  const top = workspace.modals.top(userId);
  if (top?.id !== viewId) throw new Error('That view is closed.');
  return top;
}

/** Submits the modal on top, as its submit button does. @throws Error for a view that is not on top */
export async function submitView(
  workspace: Workspace,
  userId: string,
  viewId: string,
  entered: Values = {},
): Promise<Submitted> {
  const { view } = topView(workspace, userId, viewId);
  const values = enterValues(view['blocks'], valuesOf(view), entered);
  const errors = checkForm(view['blocks'], values);
  const filled = withValues(view, values);
  const failed = Object.keys(errors).length > 0;
  workspace.modals.patch(viewId, () => ({ id: viewId, view: filled, ...(failed ? { errors } : {}) }));
  if (failed) return { ok: false, errors };
  const payload = {
    type: 'view_submission',
    ...actorPart(workspace, userId),
    trigger_id: workspace.triggers.issue(userId, viewId),
    view: filled,
    response_urls: [],
  };
  const receipt = await workspace.delivery.ask('interactive', payload);
  if (receipt.status !== 'acked') return TROUBLE;
  try {
    return applyAnswer(workspace, userId, viewId, isObject(receipt.payload) ? receipt.payload : {});
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    workspace.violations.record('view_submission', error.error, JSON.stringify(error.extra));
    return TROUBLE;
  }
}

/** Carries out `response_action` (docs.slack.dev/surfaces/modals); without one the view closes. */
function applyAnswer(workspace: Workspace, userId: string, viewId: string, answer: Json): Submitted {
  const { modals } = workspace;
  const view = isObject(answer['view']) ? answer['view'] : undefined;
  switch (answer['response_action']) {
    case undefined:
      modals.close(userId, viewId, false);
      return { ok: true };
    case 'clear':
      modals.close(userId, viewId, true);
      return { ok: true };
    case 'update':
      modals.update(viewId, view);
      return { ok: true };
    case 'push':
      modals.push(userId, view);
      return { ok: true };
    case 'errors':
      return showErrors(workspace, viewId, answer['errors']);
    default:
      throw new Refusal('invalid_response_action', { given: answer['response_action'] });
  }
}

function showErrors(workspace: Workspace, viewId: string, given: unknown): Submitted {
  const blocks = workspace.modals.find(viewId)?.open.view['blocks'];
  const inputs = new Set(
    Array.isArray(blocks) ? blocks.filter(isInput).map((block) => block['block_id']) : [],
  );
  const entries = isObject(given) ? Object.entries(given) : [];
  const wrong = entries.filter(([blockId, text]) => !inputs.has(blockId) || typeof text !== 'string');
  if (entries.length === 0 || wrong.length > 0) {
    throw new Refusal('invalid_errors', { unknown_blocks: wrong.map(([blockId]) => blockId) });
  }
  const errors = Object.fromEntries(entries) as Record<string, string>;
  workspace.modals.patch(viewId, (open) => ({ ...open, errors }));
  return { ok: false, errors };
}

function isInput(block: unknown): block is Json {
  return isObject(block) && block['type'] === 'input';
}

/** Closes a modal by its close button; the app is told when the view asked for it. */
export function closeView(workspace: Workspace, userId: string, viewId: string): void {
  const { view } = topView(workspace, userId, viewId);
  const cleared = view['clear_on_close'] === true;
  workspace.modals.close(userId, viewId, cleared);
  if (view['notify_on_close'] !== true) return;
  const payload = { type: 'view_closed', ...actorPart(workspace, userId), view, is_cleared: cleared };
  void workspace.delivery.ask('interactive', payload);
}
