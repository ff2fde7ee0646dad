import type { Cedar } from './cedar.ts';
import { ruleProblem, type Rule } from './parse-rules.ts';
import { lineAtByte } from './text-lines.ts';

/**
 * Validates the rules of one layer against the schema, in Cedar's strict mode.
 * @returns warnings: what is valid but suspicious
 * @throws DeskError `config_invalid` for the first error, naming layer, line and rule
 */
export function validateRules(cedar: Cedar, schema: string, rules: readonly Rule[]): string[] {
  const staticPolicies = Object.fromEntries(rules.map((rule) => [rule.id, rule.text]));
  const answer = cedar.validate({
    schema,
    policies: { staticPolicies },
    validationSettings: { mode: 'strict' },
  });
  if (answer.type === 'failure') throw new Error(answer.errors.map((error) => error.message).join('; '));
  const [first] = answer.validationErrors;
  const rule = rules.find(({ id }) => id === first?.policyId);
  if (first && rule) {
    const line = rule.line + lineAtByte(rule.text, first.error.sourceLocations?.[0]?.start ?? 0) - 1;
    const help = first.error.help ? ` (${first.error.help})` : '';
    throw ruleProblem(rule.layer, line, `rule "${rule.id}": ${first.error.message}${help}`);
  }
  if (first) throw new Error(first.error.message);
  const layer = rules[0]?.layer ?? 'empty';
  return answer.validationWarnings.map(
    ({ policyId, error }) => `${layer} policy, rule "${policyId}": ${error.message}`,
  );
}
