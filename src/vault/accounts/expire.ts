import { and, eq, inArray, sql } from '../../db/drizzle.ts';
import { turns } from '../../db/schema/conversations.ts';
import { connectRequests } from '../../db/schema/workspaces.ts';
import { enqueueWork } from '../../db/work.ts';
import type { VaultDeps } from '../deps.ts';

/**
 * Ends connect requests whose time is over; a turn that waits for one is told.
 * @returns how many were ended
 */
export async function expireConnects(deps: VaultDeps): Promise<number> {
  return deps.database.transaction(async (tx) => {
    const ended = await tx
      .update(connectRequests)
      .set({ status: 'expired', sessionSealed: null })
      .where(
        and(
          inArray(connectRequests.status, ['open', 'proving', 'authorizing']),
          sql`expires_at <= clock_timestamp()`,
        ),
      )
      .returning();
    for (const { turnId } of ended) {
      if (turnId === null) continue;
      const [turn] = await tx.select().from(turns).where(eq(turns.id, turnId));
      if (turn === undefined) continue;
      const { workspaceId, conversationId } = turn;
      await enqueueWork(tx, deps.jobs, { workspaceId, conversationId, turnId, kind: 'resume' });
    }
    return ended.length;
  });
}
