import type { Transaction } from '../../db/client.ts';
import { and, desc, eq, inArray, sql } from '../../db/drizzle.ts';
import { grants } from '../../db/schema/grants.ts';
import { toGrant, type Grant } from './types.ts';

type Reader = Pick<Transaction, 'select'>;

/** In force by the database's clock: approved, not over, not used up. */
const IN_FORCE = sql`status = 'active' and expires_at > clock_timestamp() and uses < max_uses`;

/** A member's grants that are in force, newest first. */
export async function listGrants(
  db: Reader,
  who: { readonly workspaceId: string; readonly memberId: string },
  limit: number,
): Promise<Grant[]> {
  const rows = await db
    .select()
    .from(grants)
    .where(and(eq(grants.workspaceId, who.workspaceId), eq(grants.memberId, who.memberId), IN_FORCE))
    .orderBy(desc(grants.createdAt))
    .limit(limit);
  return rows.map(toGrant);
}

/** How many grants of a member are in force or wait for their approval. */
export async function countOpen(
  db: Reader,
  { workspaceId, memberId }: { readonly workspaceId: string; readonly memberId: string },
): Promise<number> {
  const [row] = await db
    .select({ open: sql<number>`count(*)::int` })
    .from(grants)
    .where(
      and(
        eq(grants.workspaceId, workspaceId),
        eq(grants.memberId, memberId),
        inArray(grants.status, ['pending', 'active']),
        sql`expires_at > clock_timestamp() and uses < max_uses`,
      ),
    );
  return row?.open ?? 0;
}

/** @returns null when there is no such grant */
export async function findGrant(db: Reader, id: string): Promise<Grant | null> {
  const [row] = await db.select().from(grants).where(eq(grants.id, id));
  return row === undefined ? null : toGrant(row);
}
