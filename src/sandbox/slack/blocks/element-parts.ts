import { dispatchConfig, confirm, plainText } from './composition.ts';
import { flag, list, report, shape, text, whole, type Rule, type Surface } from './rules.ts';

/** Where an element may sit: in an actions block, beside a section, or inside an input. */
export type Place = 'actions' | 'accessory' | 'input';

/** One kind of element: where it may be used and what it must look like. */
export interface ElementKind {
  readonly places: readonly Place[];
  readonly surfaces: readonly Surface[];
  readonly rule: Rule;
}

export const EVERYWHERE: readonly Surface[] = ['message', 'modal', 'home'];

const actionId: Rule = (value, at, scope) => {
  text(255)(value, at, scope);
  if (typeof value !== 'string') return;
  if (scope.actionIds.has(value)) report(scope, `\`action_id\` "${value}" already exists`, at);
  scope.actionIds.add(value);
};

const focus: Rule = (value, at, scope) => {
  flag(value, at, scope);
  if (value === true && ++scope.counts.focus > 1)
    report(scope, 'only one element may have focus_on_load', at);
};

export const confirmable = { confirm };
export const focusable = { focus_on_load: focus };
export const placeholdable = { placeholder: plainText(150) };
export const dispatchable = { dispatch_action_config: dispatchConfig };
export const limitable = { max_selected_items: whole(1, 1000) };

/** The shape of an interactive element: `type` and `action_id` go without saying. */
export function element(
  required: Readonly<Record<string, Rule>>,
  optional: Readonly<Record<string, Rule>>,
  ...also: readonly Rule[]
): Rule {
  return shape({ type: text(50), ...required }, { action_id: actionId, ...optional }, ...also);
}

/** A list of ids that start selected. */
export function initialIds(id: Rule): Rule {
  return list(id, 1000);
}
