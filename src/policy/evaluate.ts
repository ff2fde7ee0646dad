import { useCedar } from './cedar.ts';
import { evaluateTiers } from './evaluate-tiers.ts';
import { applyGrant } from './grants/apply-grant.ts';
import type { PreparedPolicy } from './prepared-policy.ts';
import { createRequest, isTooLarge } from './request.ts';
import type { Decision, PolicyCall } from './types.ts';
import { evaluateForAnyGroups } from './unknown-groups.ts';

/**
 * Decides a call, and says by which rules. Pure and total: what cannot be evaluated is denied by
 * `evaluation_failed`, with the cause in `problem`.
 */
export function evaluate(policy: PreparedPolicy, call: PolicyCall): Decision {
  try {
    if (!policy.actions.has(call.action)) {
      return deny(policy, 'unknown_action', 'The policy does not know this action.');
    }
    if (isTooLarge(call)) {
      return deny(
        policy,
        'too_large',
        'This has more recipients or longer names than the policy can look at. Split it.',
      );
    }
    if (call.member.groups === null)
      return evaluateForAnyGroups(policy, call, (known) => evaluate(policy, known));
    const requestAt = createRequest(call);
    return applyGrant(
      useCedar((cedar) => evaluateTiers(cedar, policy, requestAt)),
      call.grant,
    );
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    const reason =
      'The rules could not be evaluated for this, so it is refused. Tell an admin to look at the log.';
    return { ...deny(policy, 'evaluation_failed', reason), problem: problem.slice(0, 500) };
  }
}

function deny(policy: PreparedPolicy, id: string, reason: string): Decision {
  return { outcome: 'deny', rules: [{ id, reason, layer: 'built-in' }], policyVersion: policy.version };
}
