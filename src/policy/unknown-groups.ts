import type { PreparedPolicy } from './prepared-policy.ts';
import type { Decision, PolicyCall } from './types.ts';

/** More named groups than this are not tried out in every combination: 16 evaluations are enough. */
const MOST_TRIED = 4;
const NAMED = /\bGroup\s*::\s*("(?:[^"\\]|\\.)*")/g;

/**
 * Decides a call of a member whose user groups Slack did not say: as for anyone when it makes no difference to the rules
 * which they are in, and not at all when it does. Membership may also loosen a rule that was written in Cedar, so every
 * combination of the groups that rules name is tried.
 * @param evaluate decides the call with known groups
 */
export function evaluateForAnyGroups(
  policy: PreparedPolicy,
  call: PolicyCall,
  evaluate: (known: PolicyCall) => Decision,
): Decision {
  const named = listNamed(policy, `${call.member.workspaceId}/`);
  const first = evaluate(withGroups(call, []));
  const others = named === null ? [] : listSubsets(named).slice(1);
  const same = others.every((groups) => evaluate(withGroups(call, groups)).outcome === first.outcome);
  if (named !== null && same) return first;
  const reason =
    'A rule depends on your Slack user groups, and Slack did not say which you are in. Try again in a minute.';
  return {
    outcome: 'deny',
    rules: [{ id: 'groups_unknown', reason, layer: 'built-in' }],
    policyVersion: policy.version,
  };
}

/** Groups of this workspace that rules name; null when there are too many, or it cannot be told from the text. */
function listNamed({ rules }: PreparedPolicy, prefix: string): string[] | null {
  const text = [...rules.values()].map((rule) => rule.text).join('\n');
  const found = [...text.matchAll(NAMED)].map(([, literal = '""']) => literal);
  if (found.length !== [...text.matchAll(/\bGroup\b/g)].length) return null;
  const ids = [...new Set(found)].map((literal) => JSON.parse(literal) as string);
  const own = ids.filter((id) => id.startsWith(prefix)).map((id) => id.slice(prefix.length));
  return own.length > MOST_TRIED ? null : own;
}

function listSubsets(items: readonly string[]): string[][] {
  return items.reduce<string[][]>(
    (subsets, item) => [...subsets, ...subsets.map((subset) => [...subset, item])],
    [[]],
  );
}

function withGroups(call: PolicyCall, groups: readonly string[]): PolicyCall {
  return { ...call, member: { ...call.member, groups } };
}
