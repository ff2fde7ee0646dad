import { lt } from '../db/drizzle.ts';
import { connectSessions, oidcRecords, seenAssertions } from '../db/schema/authority.ts';
import type { Context } from './context.ts';
import { describeFault } from './fault.ts';

const EVERY_MS = 10 * 60_000;

/** A click may be a day late, and its request must still be there to be compared with. */
const KEPT_MS = 25 * 3600_000;

/** Deletes what has expired. Clicks and exchanges are records and stay. */
export async function removeExpired({ database, now }: Pick<Context, 'database' | 'now'>): Promise<void> {
  const { db } = database;
  const before = new Date(now().getTime() - KEPT_MS);
  await db.delete(oidcRecords).where(lt(oidcRecords.expiresAt, before));
  await db.delete(connectSessions).where(lt(connectSessions.expiresAt, before));
  await db.delete(seenAssertions).where(lt(seenAssertions.expiresAt, now()));
}

/** @returns a function that ends it, once a running round is over */
export function startHousekeeping(context: Context): () => Promise<void> {
  let round = Promise.resolve();
  const timer = setInterval(() => {
    round = removeExpired(context).catch((error: unknown) => {
      context.log.warn({ error: describeFault(error) }, 'authority could not remove expired rows');
    });
  }, EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    return round;
  };
}
