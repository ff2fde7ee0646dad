import { isStricter } from '../compare.ts';
import type { CatalogEntry } from '../types.ts';
import { pair } from './describe-diff.ts';
import { coversPatterns } from './patterns.ts';
import {
  isTypedRule,
  type AgentDeclaration,
  type LayerDocument,
  type LayerRule,
  type TypedRule,
} from './types.ts';
import { isSameOrWider } from './widen.ts';

export type Classification = 'tightening' | 'loosening';

/**
 * Whether a change only tightens, told from how both documents are written and from nothing else: no replay, no
 * guess at what is likely. What is not surely tightening is loosening.
 */
export function classifyChange(
  before: LayerDocument,
  after: LayerDocument,
  catalog: readonly CatalogEntry[],
): Classification {
  const rules = pair(before.rules, after.rules, ({ id }) => id).every(
    // A rule of a layer is a forbid: one more never permits anything.
    ({ old, now }) => old === undefined || (now !== undefined && ruleTightens(old, now, catalog)),
  );
  const agents = pair(before.agents, after.agents, ({ name }) => name).every((change) =>
    agentTightens(change, catalog),
  );
  const granted = coversPatterns(before.grantable, after.grantable, catalog);
  return rules && agents && granted ? 'tightening' : 'loosening';
}

function ruleTightens(old: LayerRule, now: LayerRule, catalog: readonly CatalogEntry[]): boolean {
  if (isTypedRule(old) && isTypedRule(now)) return coversRule(now, old, catalog);
  return !isTypedRule(old) && !isTypedRule(now) && old.cedar === now.cedar;
}

/** Whether `wider` applies wherever `narrower` does, and asks for at least as much; told from how they are written. */
export function coversRule(wider: TypedRule, narrower: TypedRule, catalog: readonly CatalogEntry[]): boolean {
  const anyAgent = wider.agents.length === 0;
  return (
    !isStricter(narrower.outcome, wider.outcome) &&
    coversPatterns(wider.actions, narrower.actions, catalog) &&
    (anyAgent || (narrower.agents.length > 0 && includesAll(wider.agents, narrower.agents))) &&
    coversWho(wider.who, narrower.who) &&
    // Every condition of the wider one must hold whenever all of the narrower one's do.
    wider.conditions.every((left) => narrower.conditions.some((was) => isSameOrWider(was, left)))
  );
}

function coversWho(wider: TypedRule['who'], narrower: TypedRule['who']): boolean {
  const everyone = ({ roles, groups }: TypedRule['who']): boolean => roles.length + groups.length === 0;
  if (everyone(wider)) return true;
  return (
    !everyone(narrower) &&
    includesAll(wider.roles, narrower.roles) &&
    includesAll(wider.groups, narrower.groups)
  );
}

/** An agent that is not declared may do nothing, save `default`, which may do everything. */
function agentTightens(
  { old, now }: { old?: AgentDeclaration; now?: AgentDeclaration },
  catalog: readonly CatalogEntry[],
): boolean {
  const toolsOf = (agent?: AgentDeclaration): readonly string[] =>
    agent?.actions ?? ((old ?? now)?.name === 'default' ? ['*'] : []);
  return coversPatterns(toolsOf(old), toolsOf(now), catalog);
}

function includesAll(outer: readonly string[], inner: readonly string[]): boolean {
  return inner.every((item) => outer.includes(item));
}
