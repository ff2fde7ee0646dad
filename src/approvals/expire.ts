import { append } from '../audit/append.ts';
import type { Transaction } from '../db/client.ts';
import { and, eq, inArray, sql } from '../db/drizzle.ts';
import { approvals } from '../db/schema/calls.ts';
import type { Approval, ApprovalDeps } from './deps.ts';
import type { Presentation } from './presentation.ts';
import { expireUnconfirmed } from './strong/expire.ts';

const BATCH = 100;

/**
 * Ends every approval whose time is over, undecided or not confirmed, by the database's clock. Any process may do it; rows another one is
 * working on are skipped.
 * @returns how many were ended
 */
export async function expireDue(deps: ApprovalDeps): Promise<number> {
  const unconfirmed = await expireUnconfirmed(deps);
  const undecided = await deps.database.transaction(async (tx) => {
    const due = await tx
      .select({ id: approvals.id })
      .from(approvals)
      .where(and(eq(approvals.status, 'pending'), sql`${approvals.expiresAt} <= clock_timestamp()`))
      .orderBy(approvals.expiresAt)
      .limit(BATCH)
      .for('update', { skipLocked: true });
    return endPending(
      tx,
      deps,
      due.map((row) => row.id),
      'expired',
      'desk',
    );
  });
  return undecided + unconfirmed;
}

/** Ends pending approvals without a decision; each is audited and handed to whoever waits for it. */
export async function endPending(
  tx: Transaction,
  deps: Pick<ApprovalDeps, 'onDecided'>,
  ids: readonly string[],
  status: 'expired' | 'cancelled' | 'superseded',
  actor: string,
): Promise<number> {
  if (ids.length === 0) return 0;
  const ended: Approval[] = await tx
    .update(approvals)
    .set({
      status,
      decidedAt: sql`clock_timestamp()`,
      decidedBy: actor.startsWith('member:') ? actor.slice(7) : null,
    })
    .where(and(inArray(approvals.id, [...ids]), eq(approvals.status, 'pending')))
    .returning();
  for (const row of ended) {
    await append(tx, {
      workspaceId: row.workspaceId,
      type: 'approval.decided',
      actor,
      memberId: row.memberId,
      action: (row.presentation as Presentation).action,
      target: (row.presentation as Presentation).line,
      outcome: status,
      detail: {
        tier: row.tier,
        ms: (row.decidedAt?.getTime() ?? row.createdAt.getTime()) - row.createdAt.getTime(),
      },
      call: { id: row.callId, code: row.code },
      turnId: row.turnId,
    });
    await deps.onDecided(tx, row);
  }
  return ended.length;
}
