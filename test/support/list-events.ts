import type { Database } from '../../src/db/client.ts';
import { desc } from '../../src/db/drizzle.ts';
import { auditEvents } from '../../src/db/schema/records.ts';

/** A workspace's events, newest first, as the application's role reads them. */
export function listEvents(
  database: Database,
  workspaceId: string,
): Promise<(typeof auditEvents.$inferSelect)[]> {
  return database.within(workspaceId, (tx) => tx.select().from(auditEvents).orderBy(desc(auditEvents.id)));
}
