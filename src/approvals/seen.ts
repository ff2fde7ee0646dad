import type { Database } from '../db/client.ts';
import { and, eq, isNull, sql } from '../db/drizzle.ts';
import { approvals } from '../db/schema/calls.ts';
import type { Approval } from './deps.ts';

/**
 * Records that the approver opened the last page of everything there is to see; only then may an approval that
 * does not fit the card be approved.
 * @returns the approval when this was the first time, null when nothing changed
 */
export async function markSeen(
  database: Database,
  viewer: { workspaceId: string; memberId: string },
  approvalId: string,
): Promise<Approval | null> {
  const [row] = await database.db
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
  return row ?? null;
}
