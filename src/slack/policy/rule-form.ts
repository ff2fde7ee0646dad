import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Condition, Role, TypedRule } from '../../policy/rules/types.ts';
import { SCOPES } from './change.ts';
import { readConditions, split, stateOf, type RuleState } from './rule-state.ts';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** What a form says, and which input each of its conditions came from. */
export interface RuleForm {
  readonly rule: TypedRule;
  readonly inputs: readonly string[];
}

const about = z.object({ scope: z.enum(SCOPES), id: z.string().max(60).nullable() });

/** Whose rule a form is about, and which one when it is there already. */
export type RuleAbout = z.infer<typeof about>;

/** @returns what the form is about; a new rule of the person's own when it does not say */
export function readRuleAbout(text: string): RuleAbout {
  try {
    return about.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return { scope: 'mine', id: null };
    throw error;
  }
}

/** The rule a form holds, unchecked: the policy's own schema reads it later. @param id null for a new one */
export function readRuleForm(state: RuleState, id: string | null): RuleForm | null {
  const { actions = [], outcome = [], roles = [], groups = [], agents = [], note = [] } = state;
  const [does] = outcome;
  if (actions.length === 0 || does === undefined) return null;
  const found = readConditions(state);
  return {
    inputs: found.map(([input]) => input),
    rule: {
      id: id ?? `rule.${randomBytes(4).toString('hex')}`,
      outcome: does as TypedRule['outcome'],
      agents: split(agents[0]?.toLowerCase() ?? '', 'agents'),
      who: { roles: roles as Role[], groups: split(groups[0]?.toUpperCase() ?? '', 'groups') },
      actions,
      conditions: found.map(([, condition]) => condition as Condition),
      note: note[0] ?? '',
    },
  };
}

/** Whether the form can hold all that a rule says; a rule from a file may say more. */
export function canHold(rule: TypedRule): boolean {
  const again = readRuleForm(stateOf(rule), rule.id)?.rule;
  const sorted = (conditions: readonly Condition[]) => conditions.map((one) => JSON.stringify(one)).sort();
  return (
    again !== undefined &&
    isDeepStrictEqual({ ...again, conditions: [] }, { ...rule, conditions: [] }) &&
    isDeepStrictEqual(sorted(again.conditions), sorted(rule.conditions))
  );
}

const PARTS: readonly (readonly [path: RegExp, input: string])[] = [
  [/who\.groups/, 'groups'],
  [/who\.roles/, 'roles'],
  [/agents/, 'agents'],
  [/note/, 'note'],
  [/\.actions/, 'actions'],
];

/** The input a problem with the rule stands beside. @param message as the policy's schema says it */
export function findInput({ inputs }: RuleForm, message: string): string {
  const index = /conditions\.(\d+)/.exec(message)?.[1];
  const part = PARTS.find(([path]) => path.test(message))?.[1];
  return (index === undefined ? part : inputs[Number(index)]) ?? 'outcome';
}
