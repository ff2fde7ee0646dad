import { and, asc, eq, isNull, sql } from '../db/drizzle.ts';
import { inbox } from '../db/schema/conversations.ts';
import { redact } from '../telemetry.ts';
import type { CallDeps } from './deps.ts';

export type InboxRow = typeof inbox.$inferSelect;

/** After so many failures a row is given up and the person is told. */
const MAX_ATTEMPTS = 8;

/** A conversation's next unprocessed row, in order; `dueInSeconds` > 0 when it must wait after a failure. */
export async function takeNext(
  deps: Pick<CallDeps, 'database'>,
  conversationId: string,
): Promise<{ row: InboxRow; dueInSeconds: number } | null> {
  const [found] = await deps.database.db
    .select({
      row: inbox,
      dueInSeconds: sql<number>`greatest(0, extract(epoch from ${inbox.dueAt} - clock_timestamp()))::float8`,
    })
    .from(inbox)
    .where(and(eq(inbox.conversationId, conversationId), isNull(inbox.processedAt)))
    .orderBy(asc(inbox.id))
    .limit(1);
  return found ?? null;
}

export async function finishRow(deps: Pick<CallDeps, 'database'>, row: InboxRow): Promise<void> {
  await deps.database.db
    .update(inbox)
    .set({ processedAt: sql`clock_timestamp()` })
    .where(eq(inbox.id, row.id));
}

/**
 * Puts a row off after a failure, for 1, 2, 4 … at most 60 seconds.
 * @returns the seconds to wait, or null when it has failed too often
 */
export async function postponeRow(
  deps: Pick<CallDeps, 'database'>,
  row: InboxRow,
  error: unknown,
): Promise<number | null> {
  const attempts = row.attempts + 1;
  const seconds = Math.min(60, 2 ** row.attempts);
  await deps.database.db
    .update(inbox)
    .set({
      attempts,
      lastError: redact(error instanceof Error ? error.message : String(error)).slice(0, 500),
      dueAt: sql`clock_timestamp() + make_interval(secs => ${seconds})`,
    })
    .where(eq(inbox.id, row.id));
  return attempts >= MAX_ATTEMPTS ? null : seconds;
}

/** Conversations that have unprocessed rows; woken at start, in case a wake-up was lost. */
export async function listUnfinished(deps: Pick<CallDeps, 'database'>): Promise<string[]> {
  const rows = await deps.database.db
    .selectDistinct({ id: inbox.conversationId })
    .from(inbox)
    .where(isNull(inbox.processedAt));
  return rows.map((row) => row.id);
}
