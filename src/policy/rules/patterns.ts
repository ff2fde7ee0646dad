import type { CatalogEntry } from '../types.ts';

/** Whether one of `patterns` (action ids, `service:…`, `risk:…`, `*`) means this action. */
export function coversAction(
  patterns: readonly string[],
  { id, service, risk }: Pick<CatalogEntry, 'id' | 'service' | 'risk'>,
): boolean {
  return patterns.some((pattern) => ['*', id, `service:${service}`, `risk:${risk}`].includes(pattern));
}

/** The actions of the catalog that the patterns mean. */
export function listActions(patterns: readonly string[], catalog: readonly CatalogEntry[]): CatalogEntry[] {
  return catalog.filter((entry) => coversAction(patterns, entry));
}

/**
 * Whether everything that `inner` means is meant by `outer` as well, now and with any action a later release brings.
 * So a service is never covered by the list of its actions.
 */
export function coversPatterns(
  outer: readonly string[],
  inner: readonly string[],
  catalog: readonly CatalogEntry[],
): boolean {
  return inner.every((pattern) => {
    const entry = catalog.find(({ id }) => id === pattern);
    return entry === undefined ? outer.includes(pattern) || outer.includes('*') : coversAction(outer, entry);
  });
}

/** @returns the first pattern that means nothing in this catalog, or null */
export function findUnknownPattern(
  patterns: readonly string[],
  catalog: readonly CatalogEntry[],
): string | null {
  const known = new Set(
    catalog.flatMap(({ id, service, risk }) => ['*', id, `service:${service}`, `risk:${risk}`]),
  );
  return patterns.find((pattern) => !known.has(pattern) && !pattern.startsWith('risk:')) ?? null;
}
