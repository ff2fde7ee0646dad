import type { Db } from '../../db/pool.ts';
import { sql } from '../../db/drizzle.ts';

/** Whether the log records that the member of that pseudonym was erased. */
export async function isErasureKnown(
  reader: Pick<Db, 'execute'>,
  workspaceId: string,
  pseudonym: string,
): Promise<boolean> {
  const rows = await reader.execute(sql`
    select 1 from agentdesk.audit_events
    where workspace_id = ${workspaceId} and type = 'member.erased' and detail->>'pseudonym' = ${pseudonym} limit 1`);
  return rows.length > 0;
}
