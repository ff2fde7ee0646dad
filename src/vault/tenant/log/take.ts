import type { Database } from '../../../db/client.ts';
import { and, isNotNull, lt, sql } from '../../../db/drizzle.ts';
import { tenantLogEntries } from '../../../db/schema/tenant-log.ts';
import { pickEntries, readStream } from './entry.ts';

/** Days that what was judged is kept: longer than an entry is taken for news. */
const KEPT_DAYS = 30;

export interface LogDeps {
  readonly database: Database;
  readonly issuer: string;
  readonly clientId: string;
  readonly now: () => Date;
}

/** Keeps the entries that are about us, each once, however often and by which way they come. @returns how many were new */
export async function takeEntries(deps: LogDeps, values: readonly unknown[]): Promise<number> {
  const entries = pickEntries(values, deps.clientId, deps.now());
  if (entries.length === 0) return 0;
  const added = await deps.database.db
    .insert(tenantLogEntries)
    .values(entries.map((entry) => ({ issuer: deps.issuer, ...entry })))
    .onConflictDoNothing()
    .returning({ logId: tenantLogEntries.logId });
  return added.length;
}

/** What a log stream sent. @returns how many entries were new; null when it is not readable */
export async function takeStream(deps: LogDeps, body: string): Promise<number | null> {
  const values = readStream(body);
  return values === null ? null : takeEntries(deps, values);
}

export async function forgetOld({ database }: LogDeps): Promise<void> {
  await database.db
    .delete(tenantLogEntries)
    .where(
      and(
        isNotNull(tenantLogEntries.verdict),
        lt(tenantLogEntries.receivedAt, sql`now() - make_interval(days => ${KEPT_DAYS})`),
      ),
    );
}
