import { createHash } from 'node:crypto';
import { DeskError } from '../errors.ts';
import { useCedar, type Cedar } from './cedar.ts';
import { buildCedarSchema } from './cedar-schema.ts';
import { policySlot, schemaSlot } from './cedar-slots.ts';
import { parseRules, ruleProblem, type Rule } from './parse-rules.ts';
import type { PreparedPolicy } from './prepared-policy.ts';
import type { CatalogEntry, LayerName } from './types.ts';
import { validateRules } from './validate-rules.ts';

export interface PolicySource {
  readonly catalog: readonly CatalogEntry[];
  /**
   * Exactly one `built-in` layer, which says what is permitted. The others may only tighten: their rules are
   * `forbid`s, and `forbid … unless { context.tier == Tier::"strong" }` raises the tier.
   */
  readonly layers: readonly { readonly name: LayerName; readonly cedar: string }[];
  /** Actions that older rules may still name. They are not in the catalog, so a call of one is refused. */
  readonly retired?: readonly CatalogEntry[];
  /** Recorded with every decision. */
  readonly version: string;
}

/** Nothing permitted: what a layer is checked against when only its own rules matter. */
export const EMPTY_BUILT_IN = { name: 'built-in', cedar: '' } as const;

/**
 * Parses and strictly validates a policy against the schema of the catalog.
 *
 * The layers become one Cedar set: a call is permitted at a tier when the built-in layer permits it there and
 * no layer forbids it there. So a layer can never loosen another, and one evaluation per tier is enough.
 * @throws DeskError `config_invalid`, naming layer, line and what is wrong
 */
export function preparePolicy(source: PolicySource): PreparedPolicy {
  const names = source.layers.map((layer) => layer.name);
  if (new Set(names).size !== names.length || !names.includes('built-in')) {
    throw new DeskError('config_invalid', {
      problem: 'A policy has one built-in layer, and at most one each of organisation and member.',
    });
  }
  try {
    return useCedar((cedar) => prepareWith(cedar, source));
  } catch (error) {
    if (error instanceof DeskError) throw error;
    const problem = `Cedar cannot work with policy ${source.version}. Make its rules shorter and load it again.`;
    throw new DeskError('config_invalid', { problem }, { cause: error });
  }
}

function prepareWith(cedar: Cedar, { catalog, retired = [], layers, version }: PolicySource): PreparedPolicy {
  const schemaText = buildCedarSchema([...catalog, ...retired]);
  const schema = { text: schemaText, key: digest(schemaText) };
  schemaSlot(cedar, schema);
  const parsed = layers.map(({ name, cedar: text }) => parseLayer(cedar, name, text));
  const warnings = parsed.flatMap((rules) => validateRules(cedar, schemaText, rules));
  const rules = new Map(parsed.flat().map((rule) => [`${rule.layer}:${rule.id}`, rule]));
  const texts = Object.fromEntries([...rules].map(([name, rule]) => [name, rule.text]));
  const policies = { texts, key: digest(JSON.stringify(texts)) };
  policySlot(cedar, policies);
  return { version, actions: new Set(catalog.map((entry) => entry.id)), schema, rules, policies, warnings };
}

function parseLayer(cedar: Cedar, layer: LayerName, text: string): Rule[] {
  const rules = parseRules(cedar, layer, text);
  const permit = rules.find((rule) => rule.effect === 'permit');
  if (layer !== 'built-in' && permit) {
    const problem = `the rule "${permit.id}" is a permit; this layer may only tighten, with forbid`;
    throw ruleProblem(layer, permit.line, problem);
  }
  return rules;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
