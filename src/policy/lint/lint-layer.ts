import { describeBuiltIn } from '../built-in.ts';
import { isStricter } from '../compare.ts';
import { preparePolicy } from '../prepare.ts';
import type { PreparedPolicy } from '../prepared-policy.ts';
import { checkLayer } from '../rules/check-layer.ts';
import { coversRule } from '../rules/classify.ts';
import type { CompileTarget } from '../rules/compile.ts';
import { describeRule } from '../rules/describe.ts';
import { findFloor } from '../rules/floor.ts';
import { coversAction, listActions } from '../rules/patterns.ts';
import { isTypedRule, type LayerDocument, type TypedRule } from '../rules/types.ts';
import type { CatalogEntry } from '../types.ts';
import { findNever } from './never-applies.ts';

export interface LintFinding {
  readonly kind: 'never_applies' | 'duplicate' | 'shadowed' | 'unreached' | 'cedar';
  /** The rule it is about; null when it is about none. */
  readonly ruleId: string | null;
  readonly sentence: string;
}

/**
 * What is valid in a layer but likely not meant, a sentence each.
 * @param organisation the layer above when a member's is looked at; null for the organisation's own
 * @throws DeskError `policy_invalid` when the layer is not even valid
 */
export function lintLayer(
  document: LayerDocument,
  target: CompileTarget,
  organisation: LayerDocument | null = null,
): LintFinding[] {
  const { catalog } = target;
  const { cedar, version } = describeBuiltIn(catalog);
  const builtIn = preparePolicy({ catalog, layers: [{ name: 'built-in', cedar }], version });
  const { warnings } = checkLayer(document, target);
  const typed = document.rules.filter(isTypedRule);
  const dead = new Map(
    typed.flatMap((rule) => {
      const why = findNever(rule, catalog, organisation ?? (target.owner === '' ? document : null));
      return why === null ? [] : [[rule.id, why] as const];
    }),
  );
  const alive = typed.filter(({ id }) => !dead.has(id));
  return [
    ...[...dead].map(([ruleId, why]) => ({
      kind: 'never_applies' as const,
      ruleId,
      sentence: `The rule ${ruleId} can never apply: ${why}.`,
    })),
    ...alive.flatMap((rule, index) => findShadow(rule, index, alive, catalog)),
    ...alive.flatMap((rule) => findAbove(rule, organisation, builtIn, catalog)),
    ...findUnreached(typed, builtIn, catalog),
    ...warnings.map((warning) => ({
      kind: 'cedar' as const,
      ruleId: /rule "([^"]+)"/.exec(warning)?.[1] ?? null,
      sentence: `Cedar says of the ${warning.replace(/\.$/, '')}.`,
    })),
  ];
}

function findShadow(
  rule: TypedRule,
  index: number,
  rules: readonly TypedRule[],
  catalog: readonly CatalogEntry[],
): LintFinding[] {
  for (const [at, other] of rules.entries()) {
    if (other === rule || !coversRule(other, rule, catalog)) continue;
    // Of two that cover each other the later one is the duplicate.
    const isSame = coversRule(rule, other, catalog);
    if (isSame && at > index) continue;
    const what = isSame ? 'says the same as' : 'changes nothing beside';
    const sentence = `The rule ${rule.id} ${what} ${other.id}: ${describeRule(other, catalog, 3)}`;
    return [{ kind: isSame ? 'duplicate' : 'shadowed', ruleId: rule.id, sentence }];
  }
  return [];
}

/** A rule of which the layers above always ask for more, or just as much by a rule of the organisation. */
function findAbove(
  rule: TypedRule,
  organisation: LayerDocument | null,
  builtIn: PreparedPolicy,
  catalog: readonly CatalogEntry[],
): LintFinding[] {
  const above = organisation?.rules.filter(isTypedRule).find((other) => coversRule(other, rule, catalog));
  if (above !== undefined) {
    const sentence = `The rule ${rule.id} changes nothing: your organisation says already: ${describeRule(above, catalog, 3)}`;
    return [{ kind: 'shadowed', ruleId: rule.id, sentence }];
  }
  const floors = listActions(rule.actions, catalog).map((entry) =>
    findFloor(builtIn, organisation, entry, catalog),
  );
  const [first] = floors;
  if (first === undefined || !floors.every(({ outcome }) => isStricter(outcome, rule.outcome))) return [];
  const sentence = `The rule ${rule.id} changes nothing: the layer above asks for more already ("${first.rule}").`;
  return [{ kind: 'shadowed', ruleId: rule.id, sentence }];
}

function findUnreached(
  rules: readonly TypedRule[],
  builtIn: PreparedPolicy,
  catalog: readonly CatalogEntry[],
): LintFinding[] {
  const outside = catalog.filter((entry) => !rules.some(({ actions }) => coversAction(actions, entry)));
  const dead = catalog.filter((entry) => findFloor(builtIn, null, entry, catalog).ruleId === 'no_rule');
  const say = (entries: readonly CatalogEntry[], what: string): LintFinding[] =>
    entries.length === 0
      ? []
      : [
          {
            kind: 'unreached',
            ruleId: null,
            sentence: `${what}: ${entries.map(({ id }) => id).join(', ')}.`,
          },
        ];
  return [
    ...say(dead, 'No rule permits these actions, so they are never done'),
    ...say(
      outside.filter((entry) => !dead.includes(entry)),
      'No rule here reaches these actions, so the layers above decide alone',
    ),
  ];
}
