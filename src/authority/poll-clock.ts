import { sql } from '../db/drizzle.ts';
import { oidcRecords } from '../db/schema/authority.ts';
import type { Context } from './context.ts';
import { POLL_SECONDS } from './names.ts';

/** Half a minute apart is slow enough for any poller. */
const SLOWEST_SECONDS = 30;
const KEPT_MS = 25 * 3600_000;

/**
 * Notes that a pending request was polled. The clock stands in the database, so that pollers of two processes
 * share it, and moves in one statement.
 * @returns seconds to wait when the poll came too early (then five more than before: CIBA Core section 11),
 * null when it came in time
 */
export async function notePoll(
  { database, now }: Pick<Context, 'database' | 'now'>,
  authReqId: string,
): Promise<number | null> {
  const at = now().getTime();
  const keptUntil = new Date(at + KEPT_MS);
  const first = JSON.stringify({ at, interval: POLL_SECONDS, early: false });
  const before = sql`(${oidcRecords.payload}->>'interval')::int`;
  const early = sql`(${at}::bigint - (${oidcRecords.payload}->>'at')::bigint < ${before} * 1000)`;
  const [row] = await database.db
    .insert(oidcRecords)
    .values({ model: 'PollClock', id: authReqId, payload: sql`${first}::text::jsonb`, expiresAt: keptUntil })
    .onConflictDoUpdate({
      target: [oidcRecords.model, oidcRecords.id],
      set: {
        payload: sql`jsonb_build_object('at', ${at}::bigint, 'early', ${early}, 'interval',
          case when ${early} then least(${before} + ${POLL_SECONDS}::int, ${SLOWEST_SECONDS}::int) else ${before} end)`,
      },
    })
    .returning({ payload: oidcRecords.payload });
  const { early: isEarly, interval } = row?.payload as { early: boolean; interval: number };
  return isEarly ? interval : null;
}
