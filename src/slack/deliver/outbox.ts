import type { Database } from '../../db/client.ts';
import { and, asc, eq, isNull, sql } from '../../db/drizzle.ts';
import { outbox } from '../../db/schema/conversations.ts';
import { redact } from '../../telemetry.ts';

export type OutboxRow = typeof outbox.$inferSelect;

/** The next thing to say in a channel, in order; `dueInSeconds` > 0 when it has to wait. */
export async function takeNextOutgoing(
  database: Database,
  workspaceId: string,
  channel: string,
): Promise<{ row: OutboxRow; dueInSeconds: number } | null> {
  const [found] = await database.db
    .select({
      row: outbox,
      dueInSeconds: sql<number>`greatest(0, extract(epoch from ${outbox.dueAt} - clock_timestamp()))::float8`,
    })
    .from(outbox)
    .where(
      and(
        eq(outbox.workspaceId, workspaceId),
        eq(outbox.channel, channel),
        isNull(outbox.sentAt),
        isNull(outbox.failedAt),
      ),
    )
    .orderBy(asc(outbox.id))
    .limit(1);
  return found ?? null;
}

export async function findByKey(
  database: Database,
  workspaceId: string,
  key: string,
): Promise<OutboxRow | null> {
  const [row] = await database.db
    .select()
    .from(outbox)
    .where(and(eq(outbox.workspaceId, workspaceId), eq(outbox.key, key)));
  return row ?? null;
}

/** Durable before anything is sent, so that whoever comes after a crash looks first. */
export async function countAttempt(database: Database, row: OutboxRow): Promise<void> {
  await database.db
    .update(outbox)
    .set({ attempts: row.attempts + 1 })
    .where(eq(outbox.id, row.id));
}

/** @param ts Slack's timestamp of the message; null for what is no message */
export async function markSent(database: Database, row: OutboxRow, ts: string | null): Promise<void> {
  await database.db
    .update(outbox)
    .set({ sentAt: sql`clock_timestamp()`, ts, lastError: null })
    .where(eq(outbox.id, row.id));
}

export async function markFailed(database: Database, row: OutboxRow, why: string): Promise<void> {
  await database.db
    .update(outbox)
    .set({ failedAt: sql`clock_timestamp()`, lastError: redact(why).slice(0, 300) })
    .where(eq(outbox.id, row.id));
}

export async function postpone(
  database: Database,
  row: OutboxRow,
  seconds: number,
  why: string,
): Promise<void> {
  await database.db
    .update(outbox)
    .set({
      dueAt: sql`clock_timestamp() + make_interval(secs => ${seconds})`,
      lastError: redact(why).slice(0, 300),
    })
    .where(eq(outbox.id, row.id));
}

/** Posts to the channel itself what was meant for a thread that is gone. */
export async function leaveThread(database: Database, row: OutboxRow): Promise<void> {
  await database.db.update(outbox).set({ threadTs: null }).where(eq(outbox.id, row.id));
}

/** Channels that still have something to be said; woken at start, in case a wake-up was lost. */
export async function listUnsent(database: Database): Promise<string[]> {
  const rows = await database.db
    .selectDistinct({ workspaceId: outbox.workspaceId, channel: outbox.channel })
    .from(outbox)
    .where(and(isNull(outbox.sentAt), isNull(outbox.failedAt)));
  return rows.map((row) => `${row.workspaceId}/${row.channel}`);
}
