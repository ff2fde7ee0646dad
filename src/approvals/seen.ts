import { append } from '../audit/append.ts';
import type { Database } from '../db/client.ts';
import { and, eq, isNull, sql } from '../db/drizzle.ts';
import { approvals } from '../db/schema/calls.ts';
import type { Approval } from './deps.ts';

/**
 * Records that the approver opened the last page of everything there is to see; only then may an approval that
 * does not fit the card be approved. The audit says so, once.
 * @param pages how many pages there were
 * @returns the approval when this was the first time, null when nothing changed
 */
export async function markSeen(
  database: Database,
  viewer: { workspaceId: string; memberId: string },
  approvalId: string,
  pages: number,
): Promise<Approval | null> {
  return database.transaction(async (tx) => {
    const [row] = await tx
      .update(approvals)
      .set({ seenAt: sql`clock_timestamp()` })
      .where(
        and(
          eq(approvals.id, approvalId),
          eq(approvals.workspaceId, viewer.workspaceId),
          eq(approvals.memberId, viewer.memberId),
          eq(approvals.status, 'pending'),
          isNull(approvals.seenAt),
        ),
      )
      .returning();
    if (row === undefined) return null;
    await append(tx, {
      workspaceId: row.workspaceId,
      type: 'approval.shown',
      actor: `member:${row.memberId}`,
      memberId: row.memberId,
      outcome: 'shown',
      call: { id: row.callId, code: row.code },
      turnId: row.turnId,
      detail: { approval: row.id, pages },
    });
    return row;
  });
}
