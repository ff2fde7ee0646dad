import type { Cedar } from './cedar.ts';
import type { PreparedPolicy } from './prepared-policy.ts';

/** How many policy sets, and how many schemas, one process keeps parsed. */
const CAPACITY = 512;

/** Content key → slot name, least recently used first. */
type Slots = Map<string, string>;

/**
 * Cedar keeps what it parsed under a name for the life of the instance and has no call to forget it, so names
 * are reused. The table lives as long as the instance it describes.
 */
const tables = new WeakMap<Cedar, { policies: Slots; schemas: Slots }>();

/** The name under which a policy set is parsed in `cedar`; parses it when it is not, or no longer. */
export function policySlot(cedar: Cedar, policies: PreparedPolicy['policies']): string {
  return fillSlot(tablesOf(cedar).policies, policies.key, (slot) =>
    cedar.preparsePolicySet(slot, { staticPolicies: { ...policies.texts } }),
  );
}

/** The name under which a schema is parsed in `cedar`; parses it when it is not, or no longer. */
export function schemaSlot(cedar: Cedar, schema: PreparedPolicy['schema']): string {
  return fillSlot(tablesOf(cedar).schemas, schema.key, (slot) => cedar.preparseSchema(slot, schema.text));
}

function tablesOf(cedar: Cedar): { policies: Slots; schemas: Slots } {
  const known = tables.get(cedar);
  if (known) return known;
  const fresh = { policies: new Map<string, string>(), schemas: new Map<string, string>() };
  tables.set(cedar, fresh);
  return fresh;
}

function fillSlot(slots: Slots, key: string, parse: (slot: string) => ParseAnswer): string {
  const known = slots.get(key);
  if (known !== undefined) {
    slots.delete(key);
    slots.set(key, known);
    return known;
  }
  const [oldest] = slots.size < CAPACITY ? [] : slots;
  const slot = oldest?.[1] ?? `slot-${slots.size}`;
  const answer = parse(slot);
  if (answer.type === 'failure') throw new Error(answer.errors.map((error) => error.message).join('; '));
  if (oldest) slots.delete(oldest[0]);
  slots.set(key, slot);
  return slot;
}

type ParseAnswer = ReturnType<Cedar['preparsePolicySet']>;
