import { createHash } from 'node:crypto';
import { readDefaultPolicy } from './default-policy.ts';
import type { CatalogEntry } from './types.ts';

/** The built-in layer of a release, and the actions it was written for. */
export interface BuiltIn {
  readonly version: string;
  readonly cedar: string;
  readonly catalog: readonly CatalogEntry[];
}

/** The built-in layer of this release. */
export function describeBuiltIn(entries: readonly CatalogEntry[]): BuiltIn {
  const catalog = entries.map(({ id, service, risk, defaultTier }) => ({
    id,
    service,
    risk,
    ...(defaultTier === undefined ? {} : { defaultTier }),
  }));
  const cedar = readDefaultPolicy(catalog);
  // The catalog is part of what a version means: the same rules over other actions decide otherwise.
  const hash = createHash('sha256').update(cedar).update(JSON.stringify(catalog)).digest('hex');
  return { version: `builtin-${hash.slice(0, 12)}`, cedar, catalog };
}
