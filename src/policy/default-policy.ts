import { readFileSync } from 'node:fs';
import type { CatalogEntry, Outcome } from './types.ts';

const CONDITION: Readonly<Record<Exclude<Outcome, 'deny'>, string>> = {
  allow: '',
  approve: '{ context.tier != Tier::"none" }',
  approve_strong: '{ context.tier == Tier::"strong" }',
};

/**
 * The Cedar text of the built-in layer: `default.cedar`, and one rule for each further action of the catalog
 * that declares a `defaultTier`. An action that `default.cedar` names keeps the rules it has there.
 */
export function readDefaultPolicy(catalog: readonly CatalogEntry[]): string {
  const written = readFileSync(new URL('./default.cedar', import.meta.url), 'utf8');
  const further = catalog
    .filter((entry) => !written.includes(`Action::"${entry.id}"`))
    .flatMap(declareDefault);
  return [written, ...further].join('\n');
}

/** Writes are not permitted yet, so they get a permit; reads and deletes are, so they get a forbid. */
function declareDefault({ id, risk, defaultTier }: CatalogEntry): string[] {
  if (defaultTier === undefined) return [];
  const scope = `(principal, action == Action::"${id}", resource)`;
  const condition = defaultTier === 'deny' ? '' : CONDITION[defaultTier];
  if (risk === 'write' && defaultTier !== 'deny') {
    return [annotate(id, defaultTier, `permit ${scope}${condition && ` when ${condition}`};`)];
  }
  if (defaultTier === 'allow') return [];
  return [annotate(id, defaultTier, `forbid ${scope}${condition && ` unless ${condition}`};`)];
}

const REASON: Readonly<Record<Outcome, string>> = {
  allow: 'is done at once',
  approve: 'needs your approval',
  approve_strong: 'needs your approval on a second device',
  deny: 'is never done',
};

function annotate(id: string, tier: Outcome, rule: string): string {
  return `@id("default.${id}")\n@reason("By default, ${id} ${REASON[tier]}.")\n${rule}\n`;
}
