import { within, type Database, type Transaction } from '../db/client.ts';
import { and, desc, eq, lt } from '../db/drizzle.ts';
import { auditEvents } from '../db/schema/records.ts';

export type AuditRow = typeof auditEvents.$inferSelect;

/**
 * The newest events first, paged by key.
 * @param filter `memberId: null` = the whole workspace; `before` = id of the last row already shown
 */
export async function listEvents(
  database: Database,
  filter: { workspaceId: string; memberId: string | null; code?: string; before?: number; limit: number },
): Promise<AuditRow[]> {
  return database.within(filter.workspaceId, (tx) =>
    tx
      .select()
      .from(auditEvents)
      .where(
        and(
          eq(auditEvents.workspaceId, filter.workspaceId),
          filter.memberId === null ? undefined : eq(auditEvents.memberId, filter.memberId),
          filter.code === undefined ? undefined : eq(auditEvents.code, filter.code),
          filter.before === undefined ? undefined : lt(auditEvents.id, filter.before),
        ),
      )
      .orderBy(desc(auditEvents.id))
      .limit(filter.limit),
  );
}

/** Whether the log knows a call to have been done. The log cannot be rewritten, the call's row can. */
export async function wasDone(tx: Transaction, workspaceId: string, callId: string): Promise<boolean> {
  const rows = await within(tx, workspaceId, () =>
    tx
      .select({ id: auditEvents.id })
      .from(auditEvents)
      .where(
        and(
          eq(auditEvents.workspaceId, workspaceId),
          eq(auditEvents.callId, callId),
          eq(auditEvents.type, 'call.settled'),
          eq(auditEvents.outcome, 'done'),
        ),
      )
      .limit(1),
  );
  return rows.length > 0;
}
