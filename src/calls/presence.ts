import { and, eq, inArray, isNull, sql } from '../db/drizzle.ts';
import { members, workspaces } from '../db/schema/workspaces.ts';
import type { CallDeps } from './deps.ts';

const HOURS = 6;

/**
 * Members whom Slack was not asked about for six hours, longest first; they count as asked from now on, so that
 * several processes share the work.
 * @param limit how many at most
 */
export async function takeUnchecked(
  { database }: Pick<CallDeps, 'database'>,
  limit: number,
): Promise<{ workspaceId: string; memberId: string }[]> {
  return database.transaction(async (tx) => {
    const installed = tx
      .select({ id: workspaces.id })
      .from(workspaces)
      .where(isNull(workspaces.uninstalledAt));
    const due = await tx
      .select({ workspaceId: members.workspaceId, memberId: members.memberId })
      .from(members)
      .where(
        and(
          isNull(members.leftAt),
          inArray(members.workspaceId, installed),
          sql`${members.checkedAt} < clock_timestamp() - make_interval(hours => ${HOURS})`,
        ),
      )
      .orderBy(members.checkedAt)
      .limit(limit)
      .for('update', { skipLocked: true });
    for (const { workspaceId, memberId } of due) {
      await tx
        .update(members)
        .set({ checkedAt: sql`clock_timestamp()` })
        .where(and(eq(members.workspaceId, workspaceId), eq(members.memberId, memberId)));
    }
    return due;
  });
}
