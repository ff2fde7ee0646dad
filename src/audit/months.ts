import type { Database, Transaction } from '../db/client.ts';
import { sql } from '../db/drizzle.ts';

/** A month of the log: a partition of audit_events. */
export interface Month {
  /** Name of its table. */
  readonly part: string;
  /** Its logs, and the last index each has in it. */
  readonly logs: readonly { readonly workspaceId: string; readonly lastIndex: number }[];
}

/** Begins the present month when it has not begun: its partition, then its ids. @returns whether it did */
export async function beginMonth(database: Database): Promise<boolean> {
  const [row] = await database.db.execute<{ begun: boolean }>(
    sql`select agentdesk.begin_audit_month() as begun`,
  );
  return row?.begun === true;
}

/** The months, oldest first, that end before the cutoff and are over. @param owner connected as the owner */
export async function listOldMonths(owner: Database, cutoff: Date): Promise<Month[]> {
  const parts = await owner.db.execute<{ part: string }>(sql`
    select c.relname as part from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'agentdesk.audit_events'::regclass
    order by coalesce(substring(pg_get_expr(c.relpartbound, c.oid) from 'FROM \\(''?(\\d+)')::bigint, 0)`);
  const found: Month[] = [];
  for (const { part } of parts.slice(0, -1)) {
    const logs = await owner.db.execute<{ workspace_id: string; last: string | null; old: boolean }>(sql`
      select e.workspace_id, max(l.index)::text as last, max(e.at) < ${cutoff.toISOString()}::timestamptz as old
      from agentdesk.${sql.identifier(part)} e left join agentdesk.audit_leaves l on l.event_id = e.id group by 1`);
    if (logs.some(({ old }) => !old)) break;
    found.push({
      part,
      logs: logs.map((log) => ({ workspaceId: log.workspace_id, lastIndex: Number(log.last ?? -1) })),
    });
  }
  return found;
}

/**
 * Drops the oldest month; leaves, tree and checkpoints stay. As the owner.
 * @returns how many events, by workspace
 * @throws the database's error when something of it is not sealed, not covered by a checkpoint, or held
 */
export async function pruneMonth(
  tx: Transaction,
  part: string,
  cutoff: Date,
): Promise<{ workspaceId: string; pruned: number }[]> {
  const rows = await tx.execute<{ workspace: string; pruned: string }>(sql`
    select workspace, pruned::text as pruned
    from agentdesk.prune_audit_month(${part}, ${cutoff.toISOString()}::timestamptz)`);
  return rows.map((row) => ({ workspaceId: row.workspace, pruned: Number(row.pruned) }));
}

/** Whether each of the streams has all of a month. */
export async function isStreamed(
  owner: Database,
  { logs }: Month,
  sinks: readonly string[],
): Promise<boolean> {
  for (const sink of sinks) {
    for (const { workspaceId, lastIndex } of logs) {
      const rows = await owner.db.execute(sql`select 1 from agentdesk.audit_streams
        where workspace_id = ${workspaceId} and sink = ${sink} and next > ${lastIndex}`);
      if (rows.length === 0) return false;
    }
  }
  return true;
}
