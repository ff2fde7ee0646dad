import type { CatalogEntry } from '../types.ts';
import { listActions } from './patterns.ts';
import type { Condition, ConditionKind } from './types.ts';

/**
 * Services whose calls never have what a condition asks about: mail is in no repository. There the condition does
 * not hold, while a fact that is merely not known counts as holding. A service that is not named here may have it.
 */
const SERVICES_WITHOUT: Readonly<Partial<Record<ConditionKind, readonly string[]>>> = {
  recipients: ['github'],
  recipient_domain: ['github'],
  recipient_count: ['github'],
  guest_count: ['github', 'gmail'],
  repository: ['calendar', 'gmail'],
  repository_visibility: ['calendar', 'gmail'],
  labels: ['calendar', 'gmail'],
  calendar_shared: ['github', 'gmail'],
};

/** Services among those that the actions reach, in which one of the conditions can never hold; sorted. */
export function listServicesWithout(
  conditions: readonly Pick<Condition, 'kind'>[],
  actions: readonly string[],
  catalog: readonly CatalogEntry[],
): string[] {
  const without = new Set(conditions.flatMap(({ kind }) => SERVICES_WITHOUT[kind] ?? []));
  const reached = new Set(listActions(actions, catalog).map(({ service }) => service));
  return [...reached].filter((service) => without.has(service)).sort();
}
