import {
  isTypedRule,
  type LayerDocument,
  type LayerRule,
  type RuleOutcome,
  type TypedRule,
} from './types.ts';

/** The id of the rule that holds what a layer says of one action, always and for everyone. */
function nameSetting(action: string): string {
  return `set.${action.toLowerCase()}`;
}

/** Whether a rule is nothing but the setting of one action: without conditions, and for everyone. */
export function isSetting(rule: LayerRule): rule is TypedRule {
  if (!isTypedRule(rule)) return false;
  const { id, actions, conditions, agents, who } = rule;
  const [action = ''] = actions;
  const narrows = conditions.length + agents.length + who.roles.length + who.groups.length;
  return actions.length === 1 && id === nameSetting(action) && narrows === 0;
}

/** @returns what the layer's setting of the action asks for, or null when it is left to the layer above */
export function readSetting({ rules }: LayerDocument, action: string): RuleOutcome | null {
  return rules.filter(isSetting).find(({ actions: [own] }) => own === action)?.outcome ?? null;
}

/** The layer with another setting of one action. @param outcome null leaves it to the layer above */
export function writeSetting(
  document: LayerDocument,
  action: string,
  outcome: RuleOutcome | null,
): LayerDocument {
  const id = nameSetting(action);
  const rule = (chosen: RuleOutcome): TypedRule => ({
    id,
    outcome: chosen,
    agents: [],
    who: { roles: [], groups: [] },
    actions: [action],
    conditions: [],
    note: '',
  });
  const isThere = document.rules.some((one) => one.id === id);
  const rules = document.rules.flatMap((one) => {
    if (one.id !== id) return [one];
    return outcome === null ? [] : [rule(outcome)];
  });
  return { ...document, rules: isThere || outcome === null ? rules : [...rules, rule(outcome)] };
}
