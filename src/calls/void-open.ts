import { endPending } from '../approvals/expire.ts';
import type { Transaction } from '../db/client.ts';
import { and, eq, inArray } from '../db/drizzle.ts';
import { approvals, calls } from '../db/schema/calls.ts';
import { turns } from '../db/schema/conversations.ts';
import { enqueueWork } from '../db/work.ts';
import { endGrants } from '../policy/grants/end.ts';
import type { ApprovalDeps } from '../approvals/deps.ts';
import type { CallDeps } from './deps.ts';
import { moveCall } from './transitions.ts';

/** The little that voiding needs, so that it works without Slack, vault or model. */
export type StopDeps = Pick<CallDeps, 'database' | 'jobs'> & {
  readonly approvals: Pick<ApprovalDeps, 'onDecided'>;
};

/** `workspaceId: null` = everything, `memberId: null` = the whole workspace. */
export interface StopScope {
  readonly workspaceId: string | null;
  readonly memberId: string | null;
}

/**
 * Voids what has not begun: pending approvals, grants, calls that wait to run, and open turns, which are told to end.
 * @param why as the calls will say it: a code and a sentence; `clause` is what the grants say
 * @returns how many approvals and calls were voided
 */
export async function voidOpen(
  tx: Transaction,
  deps: Pick<StopDeps, 'jobs' | 'approvals'>,
  scope: StopScope,
  actor: string,
  why: { readonly code: string; readonly message: string; readonly clause: string },
): Promise<{ approvals: number; calls: number }> {
  const open = await tx
    .select({ id: approvals.id })
    .from(approvals)
    .where(and(eq(approvals.status, 'pending'), ...within(approvals, scope)))
    .for('update');
  const ids = open.map((row) => row.id);
  const ended = await endPending(tx, deps.approvals, ids, 'cancelled', actor);
  await endGrants(tx, scope, actor, why.clause);
  const waiting = await tx
    .select({ id: calls.id })
    .from(calls)
    .where(and(inArray(calls.status, ['allowed', 'approved']), ...within(calls, scope)));
  for (const { id } of waiting) {
    await moveCall(tx, 'cancel', id, { errorCode: why.code, errorMessage: why.message }, { actor });
  }
  const running = await tx
    .select()
    .from(turns)
    .where(and(inArray(turns.status, ['queued', 'running', 'waiting']), ...within(turns, scope)));
  for (const { workspaceId, conversationId, id } of running) {
    await enqueueWork(tx, deps.jobs, { workspaceId, conversationId, turnId: id, kind: 'cancel' });
  }
  return { approvals: ended, calls: waiting.length };
}

type Scoped = typeof approvals | typeof calls | typeof turns;

function within(table: Scoped, scope: StopScope) {
  return [
    ...(scope.workspaceId === null ? [] : [eq(table.workspaceId, scope.workspaceId)]),
    ...(scope.memberId === null ? [] : [eq(table.memberId, scope.memberId)]),
  ];
}
