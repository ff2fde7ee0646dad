/**
 * Events that are told inside the story of another: a timeline has no line of their own for them. A question to approve
 * a change of the policy has no call whose story could tell it.
 */
const STEPS = [
  'turn.ended',
  'call.decided',
  'call.claimed',
  'call.settled',
  'approval.requested',
  'approval.shown',
  'approval.decided',
  'approval.proved',
  'approval.confirmed',
  'lease.opened',
  'lease.ended',
  'token.exchanged',
  'provider.requested',
  'audit.read',
];

/** What a call came to, which is what outcomes are looked for in. */
const ENDS = ['call.decided', 'call.settled'];

/** What is counted, and looked for by its type. */
const KINDS = [
  ...ENDS,
  'call.refused',
  'approval.decided',
  'approval.refused',
  'token.exchanged',
  'access.refused',
  'lease.refused',
  'policy.refused',
  'audit.read',
];

const list = (types: readonly string[]): string => types.map((type) => `'${type}'`).join(', ');

/**
 * Conditions of the partial indexes of `audit_events`, as SQL over its columns. A query says them in these very words,
 * since an index with a condition is used only where that follows from the query.
 */
export const AUDIT_CONDITIONS = {
  heads: `(type not in (${list(STEPS)}) or (type = 'approval.requested' and call_id is null))`,
  ends: `type in (${list(ENDS)})`,
  kinds: `type in (${list(KINDS)})`,
  turns: `(call_id is null or type = 'call.proposed')`,
} as const;
