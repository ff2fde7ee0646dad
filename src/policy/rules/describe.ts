import type { CatalogEntry } from '../types.ts';
import { describePattern } from './action-words.ts';
import { describeCondition, orderConditions } from './condition-words.ts';
import { isTypedRule, type AgentDeclaration, type LayerRule, type TypedRule } from './types.ts';
import { joinWords } from './word-lists.ts';

/** As long as the sentence of a rule may be in Cedar. */
const MAX_REASON = 300;
const ROLES = { admin: 'admins', member: 'members', guest: 'guests' } as const;

/**
 * One plain sentence of what the rule does: "Ask on a second device before creating issues in public repositories."
 * @param catalog in whose order the actions are named
 * @param most how many items of each list are named; the others are counted
 */
export function describeRule(rule: LayerRule, catalog: readonly CatalogEntry[], most = Infinity): string {
  if (!isTypedRule(rule)) return rule.reason;
  const forms = [...rule.actions]
    .sort((a, b) => rankOf(a, catalog) - rankOf(b, catalog))
    .map((pattern) => describePattern(pattern)[rule.outcome === 'deny' ? 'plain' : 'gerund']);
  const actions = joinWords(forms, 'or', most);
  const conditions = orderConditions(rule.conditions).map((condition) => describeCondition(condition, most));
  const what = [`${START[rule.outcome]} ${actions}`, joinConditions(conditions)].filter(Boolean).join(' ');
  const whom = describeWhom(rule, most);
  return `${whom === '' ? what : `For ${whom}, ${what[0]?.toLowerCase()}${what.slice(1)}`}.`;
}

const START: Readonly<Record<TypedRule['outcome'], string>> = {
  approve: 'Ask before',
  approve_strong: 'Ask on a second device before',
  deny: 'Never',
};

/** The sentence as it stands in a decision: short enough for one. */
export function describeReason(rule: TypedRule, catalog: readonly CatalogEntry[]): string {
  const full = describeRule(rule, catalog);
  if (full.length <= MAX_REASON) return full;
  const short = describeRule(rule, catalog, 3);
  return short.length <= MAX_REASON ? short : `${short.slice(0, MAX_REASON - 2).toWellFormed()}….`;
}

/** What a named agent may use, as the reason for a denial. */
export function describeAgentTools({ name, actions }: AgentDeclaration): string {
  if (actions.length === 0) return `The agent ${name} may do nothing.`;
  const most = joinWords(
    actions.map((pattern) => describePattern(pattern).plain),
    'and',
    5,
  );
  return `The agent ${name} may only ${most}.`;
}

/** Actions of the catalog in its order, then what is not in it. */
function rankOf(pattern: string, catalog: readonly CatalogEntry[]): number {
  const index = catalog.findIndex(({ id }) => id === pattern);
  return index < 0 ? catalog.length : index;
}

/** "in acme/app on Fridays when … and …": clauses that begin alike are joined. */
function joinConditions(conditions: readonly string[]): string {
  const clauses = conditions.filter((words) => words.startsWith('when '));
  const phrases = conditions.filter((words) => !words.startsWith('when '));
  return [...phrases, clauses.join(' and ')].filter(Boolean).join(' ');
}

function describeWhom({ who, agents }: TypedRule, most: number): string {
  const people = [
    ...who.roles.map((role) => ROLES[role]),
    ...who.groups.map((group) => `the group ${group}`),
  ];
  const parts = [
    ...(people.length > 0 ? [joinWords(people, 'and', most)] : []),
    ...(agents.length > 0
      ? [`${agents.length === 1 ? 'the agent' : 'the agents'} ${joinWords(agents, 'and', most)}`]
      : []),
  ];
  return parts.join(' with ');
}
