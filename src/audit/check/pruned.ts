import type { Db } from '../../db/pool.ts';
import { sql } from '../../db/drizzle.ts';

/** What the log says of its pruning: events below an index, up to a time, were dropped. */
export interface Pruned {
  readonly before: number;
  readonly until: Date;
}

/** The last pruning the log records; null when nothing was. */
export async function readPruned(reader: Pick<Db, 'execute'>, workspaceId: string): Promise<Pruned | null> {
  const [row] = await reader.execute<{ outcome: string; until: string }>(sql`
    select outcome, detail->>'until' as until from agentdesk.audit_events
    where workspace_id = ${workspaceId} and type = 'audit.pruned' order by id desc limit 1`);
  const [, before] = /^before_(\d+)$/.exec(row?.outcome ?? '') ?? [];
  return row === undefined || before === undefined
    ? null
    : { before: Number(before), until: new Date(row.until) };
}
