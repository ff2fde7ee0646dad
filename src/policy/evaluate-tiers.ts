import type { Cedar } from './cedar.ts';
import { policySlot, schemaSlot } from './cedar-slots.ts';
import type { PreparedPolicy } from './prepared-policy.ts';
import type { CedarRequest, Tier } from './request.ts';
import type { DecidingRule, Decision, Outcome } from './types.ts';

const TIERS = [
  ['none', 'allow'],
  ['approved', 'approve'],
  ['strong', 'approve_strong'],
] as const satisfies readonly (readonly [Tier, Outcome])[];

/**
 * The lowest tier at which the call is permitted. When that is not at once, the rules that decided are the
 * forbids in the way one tier below, or else the permits that needed the tier.
 * @throws Error when Cedar fails, or any rule fails while it is evaluated: Cedar skips such a rule, and a
 *   skipped forbid would permit
 */
export function evaluateTiers(
  cedar: Cedar,
  policy: PreparedPolicy,
  requestAt: (tier: Tier) => CedarRequest,
): Decision {
  const policyVersion = policy.version;
  let inTheWay: readonly DecidingRule[] = [];
  for (const [tier, outcome] of TIERS) {
    const { decision, reasons } = authorize(cedar, policy, requestAt(tier));
    const rules = describeRules(policy, reasons);
    if (decision === 'allow')
      return { outcome, rules: inTheWay.length > 0 ? inTheWay : rules, policyVersion };
    inTheWay = rules;
  }
  const noRule = { id: 'no_rule', reason: 'No rule permits this.', layer: 'built-in' } as const;
  return { outcome: 'deny', rules: inTheWay.length > 0 ? inTheWay : [noRule], policyVersion };
}

function authorize(cedar: Cedar, policy: PreparedPolicy, request: CedarRequest) {
  const answer = cedar.statefulIsAuthorized({
    ...request,
    preparsedSchemaName: schemaSlot(cedar, policy.schema),
    preparsedPolicySetId: policySlot(cedar, policy.policies),
  });
  if (answer.type === 'failure') throw new Error(answer.errors.map((error) => error.message).join('; '));
  const { decision, diagnostics } = answer.response;
  const [failed] = diagnostics.errors;
  if (failed) throw new Error(failed.error.message);
  return { decision, reasons: diagnostics.reason };
}

/** Sorted, so that the same call is recorded the same way every time. */
function describeRules(policy: PreparedPolicy, names: readonly string[]): DecidingRule[] {
  return names.toSorted().flatMap((name) => {
    const rule = policy.rules.get(name);
    return rule ? [{ id: rule.id, reason: rule.reason, layer: rule.layer }] : [];
  });
}
