import type { AuditConfig } from '../../config-types.ts';
import type { Transaction } from '../../db/client.ts';
import { sql } from '../../db/drizzle.ts';
import { enqueueOutgoing } from '../../slack/deliver/enqueue.ts';
import type { Desk } from '../desk.ts';

/** Minutes between two posts in a channel; each checkpoint covers those before it. */
const EVERY_MINUTES = 15;

type Channel = AuditConfig['witnessChannels'][number];

/**
 * Has the newest checkpoint posted in each channel, once, at most every quarter of an hour. What was posted is noted in
 * the transaction that puts it in the outbox.
 * @returns 0: nothing more is waiting
 */
export async function postCheckpoints(
  { database, jobs }: Pick<Desk, 'database' | 'jobs'>,
  channels: readonly Channel[],
): Promise<number> {
  for (const { workspaceId, channel } of channels) {
    await database.transaction(async (tx) => {
      const due = await findDue(tx, workspaceId, channel);
      if (due === null) return;
      await enqueueOutgoing(tx, jobs, [
        {
          workspaceId: due.workspaceId,
          channel,
          threadTs: null,
          key: `checkpoint:${channel}:${due.size}`,
          kind: 'post',
          payload: { type: 'checkpoint', note: due.note },
        },
      ]);
      await tx.execute(sql`
        insert into agentdesk.audit_witnesses as w (workspace_id, witness, size, due_at, sent_at)
        values (${due.workspaceId}, ${`slack:${channel}`}, ${due.size},
          clock_timestamp() + make_interval(mins => ${EVERY_MINUTES}), clock_timestamp())
        on conflict (workspace_id, witness) do update
          set size = greatest(w.size, excluded.size), due_at = excluded.due_at, sent_at = excluded.sent_at`);
    });
  }
  return 0;
}

/** @param workspaceId null = the only one there is */
async function findDue(
  tx: Transaction,
  workspaceId: string | null,
  channel: string,
): Promise<{ workspaceId: string; size: number; note: string } | null> {
  const [row] = await tx.execute<{ workspace_id: string; size: string; note: string }>(sql`
    select c.workspace_id, c.size::text as size, c.note from agentdesk.audit_checkpoints c
    left join agentdesk.audit_witnesses w on w.workspace_id = c.workspace_id and w.witness = ${`slack:${channel}`}
    where c.workspace_id = ${
      workspaceId ??
      sql`(select workspace_id from agentdesk.audit_logs where workspace_id <> ''
        order by created_at limit 1)`
    }
      and c.size > coalesce(w.size, 0) and coalesce(w.due_at, '-infinity') <= clock_timestamp()
    order by c.size desc limit 1`);
  return row === undefined ? null : { workspaceId: row.workspace_id, size: Number(row.size), note: row.note };
}
