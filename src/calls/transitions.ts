import { append, type AuditEvent } from '../audit/append.ts';
import type { Transaction } from '../db/client.ts';
import { and, eq, inArray, type SQL } from '../db/drizzle.ts';
import { calls, type CALL_STATUSES } from '../db/schema/calls.ts';
import type { Call } from './deps.ts';

export type CallStatus = (typeof CALL_STATUSES)[number];

interface Transition {
  readonly from: readonly CallStatus[];
  readonly to: CallStatus;
  readonly event: AuditEvent['type'];
}

/**
 * Every change of a call's state. A call begins as `allowed`, `pending` or `refused`, by the policy's decision.
 * `done`, `failed`, `refused`, `denied`, `expired`, `cancelled` and `superseded` are final.
 */
export const TRANSITIONS = {
  /** The approver said yes. */
  approve: { from: ['pending'], to: 'approved', event: 'call.decided' },
  /** The approver said no. */
  deny: { from: ['pending'], to: 'denied', event: 'call.decided' },
  /** Time ran out, before the decision or between it and the claim. */
  expire: { from: ['pending', 'allowed', 'approved'], to: 'expired', event: 'call.settled' },
  /** Stopped, cancelled by the requester, or refused at the claim. */
  cancel: { from: ['pending', 'allowed', 'approved'], to: 'cancelled', event: 'call.settled' },
  /** Replaced by an edited revision. */
  supersede: { from: ['pending'], to: 'superseded', event: 'call.settled' },
  /** The only way to a token. */
  claim: { from: ['allowed', 'approved'], to: 'executing', event: 'call.claimed' },
  /** The provider did it. */
  finish: { from: ['executing', 'unknown'], to: 'done', event: 'call.settled' },
  /** It certainly did not happen and will not be tried again. */
  fail: { from: ['executing', 'unknown'], to: 'failed', event: 'call.settled' },
  /** It cannot be told whether it happened. */
  lose: { from: ['executing'], to: 'unknown', event: 'call.settled' },
  /** It was read back as not done, and happened after all. */
  arrive: { from: ['allowed', 'approved'], to: 'done', event: 'call.settled' },
  /** Read back as not done: may be claimed anew inside execute_by (allowed calls). */
  releaseAllowed: { from: ['executing', 'unknown'], to: 'allowed', event: 'call.settled' },
  /** The same for approved calls. */
  releaseApproved: { from: ['executing', 'unknown'], to: 'approved', event: 'call.settled' },
} as const satisfies Record<string, Transition>;

type Insert = typeof calls.$inferInsert;

/** Columns to set beside the status; SQL for those the database's clock fills. */
export type CallChange = { [Column in keyof Insert]?: Insert[Column] | SQL };

export type TransitionName = keyof typeof TRANSITIONS;

/**
 * Moves a call, if it is where the transition starts: one conditional UPDATE and its audit event.
 * @param about.attempt the attempt this is about; a call that another one has taken up meanwhile is left alone
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
  const transition = TRANSITIONS[name];
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
