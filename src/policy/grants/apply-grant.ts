import { isStricter } from '../compare.ts';
import type { CallGrant, Decision } from '../types.ts';

/**
 * The exception a grant makes: what would have been asked for at its tier, or a lower one, is done at once, and its
 * sentence is the reason. A denial stays one.
 */
export function applyGrant(decision: Decision, grant: CallGrant | undefined): Decision {
  const { outcome, policyVersion } = decision;
  if (grant === undefined || outcome === 'allow' || isStricter(outcome, grant.tier)) return decision;
  const rule = { id: `grant.${grant.code}`, reason: grant.sentence, layer: 'grant' } as const;
  return { outcome: 'allow', rules: [rule], policyVersion };
}
