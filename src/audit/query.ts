import { within, type Transaction } from '../db/client.ts';
import { and, eq } from '../db/drizzle.ts';
import { auditEvents } from '../db/schema/records.ts';

export type AuditRow = typeof auditEvents.$inferSelect;

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
