import type { AuthClient } from '@auth0/auth0-auth-js';
import { z } from 'zod';
import { and, eq, sql } from '../../../db/drizzle.ts';
import { tenantLogCursors } from '../../../db/schema/tenant-log.ts';
import { takeEntries, type LogDeps } from './take.ts';

/** Auth0's own limit of a page (https://auth0.com/docs: Management API, GET /api/v2/logs). */
const TAKE = 100;
/** Pages of one reading; the rest comes with the next. */
const PAGES = 20;
/** Seconds a reading is left to the process that began it. */
const LEASE_SECONDS = 120;
/** Seconds to wait where the tenant has a limit and does not say for how long. */
const BUSY_SECONDS = 60;

export interface ReadDeps extends LogDeps {
  readonly client: Pick<AuthClient, 'getTokenByClientCredentials'>;
  readonly fetch: typeof fetch;
  /** Seconds between readings. */
  readonly everySeconds: number;
}

const Page = z.array(z.looseObject({ log_id: z.string() }));

/** Thrown where the tenant wants to be left alone. */
class Busy extends Error {
  readonly seconds: number;
  constructor(seconds: number) {
    super('the tenant limits how often its log is read');
    this.seconds = seconds;
  }
}

/**
 * Reads the tenant's log by its Management API, from where the last reading of any process ended. The first one begins
 * at the newest entry.
 */
export function createLogReader(deps: ReadDeps): () => Promise<number> {
  let token: { value: string; until: number } | null = null;
  /** Kept in memory for as long as it is good: tenants count tokens of machines. */
  const authorize = async (): Promise<string> => {
    if (token !== null && token.until > deps.now().getTime() + 60_000) return token.value;
    const answer = await deps.client.getTokenByClientCredentials({ audience: `${deps.issuer}api/v2/` });
    token = { value: answer.accessToken, until: answer.expiresAt * 1000 };
    return token.value;
  };
  const get = async (query: string): Promise<z.infer<typeof Page>> => {
    const response = await deps.fetch(`${deps.issuer}api/v2/logs?${query}`, {
      headers: { authorization: `Bearer ${await authorize()}`, accept: 'application/json' },
    });
    if (response.status === 401) token = null;
    if (response.status === 429) throw new Busy(readWait(response.headers, deps.now()));
    if (!response.ok) throw new Error(`the tenant's log answered with status ${response.status}`);
    return Page.parse(await response.json());
  };
  return async () => {
    const cursor = await takeCursor(deps);
    if (cursor === null) return 0;
    let wait = deps.everySeconds;
    let problem: string | null = null;
    let taken = 0;
    let { last } = cursor;
    try {
      for (let page = 0; page < PAGES; page += 1) {
        const entries =
          last === null
            ? await get('per_page=1&page=0&sort=date%3A-1')
            : await get(`from=${encodeURIComponent(last)}&take=${TAKE}`);
        taken += await takeEntries(deps, entries);
        const isStart = last === null;
        last = entries.at(-1)?.log_id ?? last;
        if (isStart || entries.length < TAKE) break;
      }
    } catch (error) {
      if (error instanceof Busy) wait = Math.max(wait, error.seconds);
      problem = error instanceof Error ? error.message.slice(0, 200) : 'unknown';
    }
    await leaveCursor(deps, last, wait, problem);
    if (problem !== null) throw new Error(problem);
    return taken;
  };
}

function readWait(headers: Headers, now: Date): number {
  const after = Number(headers.get('retry-after') ?? Number.NaN);
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN) - now.getTime() / 1000;
  const seconds = Number.isFinite(after) ? after : reset;
  return Number.isFinite(seconds) ? Math.min(3_600, Math.max(1, Math.ceil(seconds))) : BUSY_SECONDS;
}

/** @returns null when it is not time, or another process reads */
async function takeCursor({ database, issuer }: ReadDeps): Promise<{ last: string | null } | null> {
  await database.db.insert(tenantLogCursors).values({ issuer }).onConflictDoNothing();
  const [row] = await database.db
    .update(tenantLogCursors)
    .set({ nextReadAt: sql`clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})` })
    .where(and(eq(tenantLogCursors.issuer, issuer), sql`${tenantLogCursors.nextReadAt} <= clock_timestamp()`))
    .returning({ last: tenantLogCursors.lastLogId });
  return row ?? null;
}

async function leaveCursor(
  { database, issuer }: ReadDeps,
  lastLogId: string | null,
  seconds: number,
  lastError: string | null,
): Promise<void> {
  await database.db
    .update(tenantLogCursors)
    .set({
      lastLogId,
      lastError,
      nextReadAt: sql`clock_timestamp() + make_interval(secs => ${seconds})`,
    })
    .where(eq(tenantLogCursors.issuer, issuer));
}
