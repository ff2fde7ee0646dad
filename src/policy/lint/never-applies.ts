import type { CatalogEntry } from '../types.ts';
import { listServicesWithout } from '../rules/fact-services.ts';
import { listActions } from '../rules/patterns.ts';
import type { Condition, LayerDocument, TypedRule } from '../rules/types.ts';
import { hoursOf } from '../rules/widen.ts';

/**
 * Why a rule can never apply, as the end of a sentence; null when it can.
 * @param organisation whose agents count; null when that is not known
 */
export function findNever(
  rule: TypedRule,
  catalog: readonly CatalogEntry[],
  organisation: LayerDocument | null,
): string | null {
  const reached = listActions(rule.actions, catalog);
  if (reached.length === 0) return 'none of its actions exists here';
  const without = listServicesWithout(rule.conditions, rule.actions, catalog);
  if (reached.every(({ service }) => without.includes(service))) {
    return `what it asks about does not exist in ${without.join(' and ')}`;
  }
  const { domains } = findKind(rule.conditions, 'account_domain').find(({ match }) => match === 'in') ?? {};
  if (domains !== undefined && reached.every(({ service }) => service === 'github'))
    return 'accounts of github are in no domain';
  const { agents = [] } = organisation ?? {};
  const isKnown = (agent: string): boolean =>
    agent === 'default' || agents.some(({ name }) => name === agent);
  if (organisation !== null && rule.agents.length > 0 && !rule.agents.some(isKnown))
    return `there is no agent called ${rule.agents.join(' or ')}`;
  return findContradiction(rule.conditions);
}

/** Conditions on what is always known, and that no time and place fulfils together. */
function findContradiction(conditions: readonly Condition[]): string | null {
  const hours = findKind(conditions, 'hours').map(hoursOf);
  if (hours.length > 0 && meet(hours).length === 0) return 'there is no such hour';
  const days = findKind(conditions, 'weekdays').map((condition) => condition.days);
  if (days.length > 0 && meet(days).length === 0) return 'there is no such day';
  const surfaces = findKind(conditions, 'surface').map(({ is }) => [is]);
  if (surfaces.length > 0 && meet(surfaces).length === 0)
    return 'nothing is asked in a channel and in a direct message at once';
  return null;
}

function findKind<K extends Condition['kind']>(
  conditions: readonly Condition[],
  kind: K,
): Extract<Condition, { kind: K }>[] {
  return conditions.filter((found): found is Extract<Condition, { kind: K }> => found.kind === kind);
}

function meet<T>(lists: readonly (readonly T[])[]): T[] {
  const [first = [], ...rest] = lists;
  return first.filter((item) => rest.every((list) => list.includes(item)));
}
