import type { Database } from '../db/client.ts';
import { and, desc, eq, inArray, isNull, ne } from '../db/drizzle.ts';
import { approvals } from '../db/schema/calls.ts';
import type { Approval } from './deps.ts';

/** A member's open approvals, oldest first. */
export async function listPending(
  database: Database,
  workspaceId: string,
  memberId: string,
  limit: number,
): Promise<Approval[]> {
  return database.db
    .select()
    .from(approvals)
    .where(
      and(
        eq(approvals.workspaceId, workspaceId),
        eq(approvals.memberId, memberId),
        eq(approvals.status, 'pending'),
      ),
    )
    .orderBy(approvals.createdAt)
    .limit(limit);
}

/** A member's latest approvals in any state, newest first. */
export async function listRecent(
  database: Database,
  workspaceId: string,
  memberId: string,
  limit: number,
): Promise<Approval[]> {
  return database.db
    .select()
    .from(approvals)
    .where(and(eq(approvals.workspaceId, workspaceId), eq(approvals.memberId, memberId)))
    .orderBy(desc(approvals.createdAt))
    .limit(limit);
}

export async function findByCode(
  database: Database,
  workspaceId: string,
  code: string,
): Promise<Approval | null> {
  const [row] = await database.db
    .select()
    .from(approvals)
    .where(and(eq(approvals.workspaceId, workspaceId), eq(approvals.code, code)))
    .orderBy(desc(approvals.createdAt))
    .limit(1);
  return row ?? null;
}

export async function findById(
  database: Database,
  workspaceId: string,
  id: string,
): Promise<Approval | null> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return null;
  const [row] = await database.db
    .select()
    .from(approvals)
    .where(and(eq(approvals.workspaceId, workspaceId), eq(approvals.id, id)));
  return row ?? null;
}

/** An approval of whatever workspace, for work that was given its id by us. */
export async function findAnyById(database: Database, id: string): Promise<Approval | null> {
  const [row] = await database.db.select().from(approvals).where(eq(approvals.id, id));
  return row ?? null;
}

/** Approved changes, links and grants that nobody carried on; woken at start, in case a wake-up was lost. @returns approval ids */
export async function listUnfinishedChanges(database: Database): Promise<string[]> {
  const rows = await database.db
    .select({ id: approvals.id })
    .from(approvals)
    .where(and(ne(approvals.kind, 'call'), eq(approvals.status, 'approved'), isNull(approvals.consumedAt)));
  return rows.map((row) => row.id);
}

export async function listForCalls(database: Database, callIds: readonly string[]): Promise<Approval[]> {
  if (callIds.length === 0) return [];
  return database.db
    .select()
    .from(approvals)
    .where(inArray(approvals.callId, [...callIds]));
}
