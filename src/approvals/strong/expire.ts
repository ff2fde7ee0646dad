import { append } from '../../audit/append.ts';
import { and, eq, inArray, isNull, sql } from '../../db/drizzle.ts';
import { approvals, calls } from '../../db/schema/calls.ts';
import type { ApprovalDeps } from '../deps.ts';
import type { Presentation } from '../presentation.ts';

const BATCH = 100;

/**
 * Ends approvals that were approved in Slack and not confirmed by a passkey in time, by the database's clock; whoever
 * waits is told.
 * @returns how many were ended
 */
export async function expireUnconfirmed(deps: Pick<ApprovalDeps, 'database' | 'onDecided'>): Promise<number> {
  return deps.database.transaction(async (tx) => {
    const due = await tx
      .select({ id: approvals.id })
      .from(approvals)
      .where(
        and(
          eq(approvals.status, 'approved'),
          eq(approvals.tier, 'approve_strong'),
          isNull(approvals.strongAt),
          sql`${approvals.executeBy} <= clock_timestamp()`,
          // Where the call was stopped meanwhile, that is what its card says.
          sql`(${approvals.kind} <> 'call' or exists (select 1 from ${calls} where ${calls.id} = ${approvals.callId} and ${calls.status} = 'approved'))`,
        ),
      )
      .orderBy(approvals.executeBy)
      .limit(BATCH)
      .for('update', { skipLocked: true });
    if (due.length === 0) return 0;
    const ids = due.map((row) => row.id);
    const ended = await tx
      .update(approvals)
      .set({ status: 'expired' })
      .where(inArray(approvals.id, ids))
      .returning();
    for (const row of ended) {
      const { action, line } = row.presentation as Presentation;
      await append(tx, {
        workspaceId: row.workspaceId,
        type: 'approval.decided',
        actor: 'desk',
        memberId: row.memberId,
        action,
        target: line,
        outcome: 'expired',
        why: 'the second device did not confirm it in time',
        call: { id: row.callId, code: row.code },
        turnId: row.turnId,
      });
      await deps.onDecided(tx, row);
    }
    return ended.length;
  });
}
