import { randomUUID } from 'node:crypto';
import type { Transaction } from '../../../db/client.ts';
import { and, asc, eq, inArray, sql } from '../../../db/drizzle.ts';
import { approvals } from '../../../db/schema/calls.ts';
import { strongRequests } from '../../../db/schema/strong-requests.ts';
import type { StrongDeps } from '../../deps.ts';
import { isWithinLimits } from './limits.ts';
import type { DeviceRequest } from './types.ts';

const BATCH = 16;
/** Seconds a request is left to whoever took it; longer than the tenant is waited for. */
const LEASE_SECONDS = 60;

/** A request, held by its lease until `nextPollAt`. */
export type Taken = DeviceRequest & { readonly leaseId: string; readonly status: 'asking' | 'waiting' };

/**
 * Takes the requests whose time has come, so that of all processes one works on each. Those that nobody waits for any
 * more are ended.
 * @param issuer only requests of the tenant that is configured now
 */
export async function takeDue(deps: Pick<StrongDeps, 'database'>, issuer: string): Promise<Taken[]> {
  return deps.database.transaction(async (tx) => {
    await endAbandoned(tx);
    const due = await tx
      .select()
      .from(strongRequests)
      .where(
        and(
          eq(strongRequests.issuer, issuer),
          inArray(strongRequests.status, ['asking', 'waiting']),
          sql`${strongRequests.nextPollAt} <= clock_timestamp()`,
        ),
      )
      .orderBy(asc(strongRequests.nextPollAt))
      .limit(BATCH)
      .for('update', { skipLocked: true });
    const taken: Taken[] = [];
    for (const row of due) {
      if (row.status === 'asking' && !(await isWithinLimits(tx, row))) continue;
      taken.push(await take(tx, row));
    }
    return taken;
  });
}

async function take(tx: Transaction, row: DeviceRequest): Promise<Taken> {
  const leaseId = randomUUID();
  const asking =
    row.status === 'asking' ? { askedAt: sql`clock_timestamp()`, asks: sql`${strongRequests.asks} + 1` } : {};
  const [taken] = await tx
    .update(strongRequests)
    .set({ leaseId, nextPollAt: sql`clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})`, ...asking })
    .where(eq(strongRequests.approvalId, row.approvalId))
    .returning();
  return { ...row, ...taken, leaseId } as Taken;
}

/** Stopped, cancelled, or over: the tenant knows no way to take a request back, so it is only left alone. */
async function endAbandoned(tx: Transaction): Promise<void> {
  await tx
    .update(strongRequests)
    .set({ status: 'ended', authReqIdSealed: null, leaseId: null, settledAt: sql`clock_timestamp()` })
    .where(
      and(
        inArray(strongRequests.status, ['asking', 'waiting']),
        sql`not exists (select 1 from ${approvals} where ${approvals.id} = ${strongRequests.approvalId}
          and ${approvals.status} = 'approved' and ${approvals.strongAt} is null)`,
      ),
    );
}
