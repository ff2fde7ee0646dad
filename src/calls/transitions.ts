import { append, type AuditEvent } from '../audit/append.ts';
import type { Transaction } from '../db/client.ts';
import { and, eq, inArray, type SQL } from '../db/drizzle.ts';
import { calls, type CALL_STATUSES } from '../db/schema/calls.ts';
import { DeskError } from '../errors.ts';
import type { Call } from './deps.ts';

export type CallStatus = (typeof CALL_STATUSES)[number];

/** Who may cause a transition, as the audit names them: `member:U…`, `desk`, `operator`. */
type Who = 'member' | 'desk' | 'operator';

interface Transition {
  readonly from: readonly CallStatus[];
  readonly to: CallStatus;
  readonly event: AuditEvent['type'];
  readonly who: readonly Who[];
  /** One sentence for docs/architecture.md, which shows this table; a test holds the two together. */
  readonly when: string;
}

/** How a call begins, by what the policy says of it. */
export const BEGINNINGS = {
  allow: 'allowed',
  approve: 'pending',
  approve_strong: 'pending',
  deny: 'refused',
} as const satisfies Record<string, CallStatus>;

/**
 * Every change of a call's state, and the only place that knows them: {@link moveCall} takes nothing else. `done`,
 * `failed`, `refused`, `denied`, `expired`, `cancelled` and `superseded` are final.
 */
export const TRANSITIONS = {
  approve: {
    from: ['pending'],
    to: 'approved',
    event: 'call.decided',
    who: ['member'],
    when: 'The approver said yes.',
  },
  deny: {
    from: ['pending', 'approved'],
    to: 'denied',
    event: 'call.decided',
    who: ['member'],
    when: 'The approver said no, with a click or, after it, on the second device.',
  },
  expire: {
    from: ['pending', 'allowed', 'approved'],
    to: 'expired',
    event: 'call.settled',
    who: ['desk'],
    when: 'Time ran out, before the decision or between it and the claim.',
  },
  cancel: {
    from: ['pending', 'allowed', 'approved'],
    to: 'cancelled',
    event: 'call.settled',
    who: ['member', 'desk', 'operator'],
    when: 'Stopped, cancelled by the requester, refused at the claim, or tried twice in vain.',
  },
  supersede: {
    from: ['pending'],
    to: 'superseded',
    event: 'call.settled',
    who: ['member'],
    when: 'Replaced by an edited revision.',
  },
  claim: {
    from: ['allowed', 'approved'],
    to: 'executing',
    event: 'call.claimed',
    who: ['desk'],
    when: 'The only way to a token.',
  },
  finish: {
    from: ['executing', 'unknown'],
    to: 'done',
    event: 'call.settled',
    who: ['desk', 'member'],
    when: 'The provider did it, as it says, as was read back, or as the person who looked says.',
  },
  fail: {
    from: ['executing', 'unknown'],
    to: 'failed',
    event: 'call.settled',
    who: ['desk', 'member'],
    when: 'It certainly did not happen and will not be tried again.',
  },
  lose: {
    from: ['executing'],
    to: 'unknown',
    event: 'call.settled',
    who: ['desk'],
    when: 'It cannot be told whether it happened.',
  },
  arrive: {
    from: ['allowed', 'approved'],
    to: 'done',
    event: 'call.settled',
    who: ['desk'],
    when: 'It was read back as not done, and happened after all.',
  },
  releaseAllowed: {
    from: ['executing', 'unknown'],
    to: 'allowed',
    event: 'call.settled',
    who: ['desk'],
    when: 'An allowed call was read back as not done: it may be claimed anew while its time lasts.',
  },
  releaseApproved: {
    from: ['executing', 'unknown'],
    to: 'approved',
    event: 'call.settled',
    who: ['desk'],
    when: 'The same for an approved call.',
  },
} as const satisfies Record<string, Transition>;

type Insert = typeof calls.$inferInsert;

/** Columns to set beside the status; SQL for those the database's clock fills. */
export type CallChange = { [Column in keyof Insert]?: Insert[Column] | SQL };

export type TransitionName = keyof typeof TRANSITIONS;

/**
 * Moves a call, if it is where the transition starts: one conditional UPDATE and its audit event.
 * @param about.attempt the attempt this is about; a call that another one has taken up meanwhile is left alone
 * @param about.actor who causes it; one whom the table does not name is a defect of ours
 * @returns the row after it, or null when the call was elsewhere (nothing was changed)
 */
export async function moveCall(
  tx: Transaction,
  name: TransitionName,
  callId: string,
  change: CallChange,
  about: {
    actor: string;
    why?: string | null;
    detail?: Record<string, unknown>;
    outcome?: string;
    attempt?: string | null;
  },
): Promise<Call | null> {
  const transition: Transition = TRANSITIONS[name];
  if (!transition.who.some((who) => about.actor.split(':')[0] === who))
    throw new DeskError('internal', { reference: `${about.actor} may not ${name} a call` });
  const [row] = await tx
    .update(calls)
    .set({ ...change, status: transition.to })
    .where(
      and(
        eq(calls.id, callId),
        inArray(calls.status, [...transition.from]),
        about.attempt == null ? undefined : eq(calls.attemptId, about.attempt),
      ),
    )
    .returning();
  if (row === undefined) return null;
  await append(tx, {
    workspaceId: row.workspaceId,
    type: transition.event,
    actor: about.actor,
    memberId: row.memberId,
    agent: row.agent,
    action: row.action,
    outcome: about.outcome ?? transition.to,
    why: about.why ?? row.errorMessage,
    call: { id: row.id, code: row.code },
    turnId: row.turnId,
    detail: { transition: name, policy_version: row.policyVersion, ...about.detail },
  });
  return row;
}
