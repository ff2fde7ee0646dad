import type { Transaction } from '../../../db/client.ts';
import { eq, sql } from '../../../db/drizzle.ts';
import { strongRequests } from '../../../db/schema/strong-requests.ts';
import type { DeviceRequest } from './types.ts';

/**
 * Auth0's limits a minute: requests to one user, and of a tenant (https://auth0.com/docs: CIBA, entity limits); some
 * of the tenant's 500 are left to others.
 */
const PER_USER = 5;
const PER_TENANT = 400;
const PENDING = 4_500;

/**
 * Whether one more request may be sent now; if not, it is put off. Counted over all processes, one after the other.
 */
export async function isWithinLimits(tx: Transaction, row: DeviceRequest): Promise<boolean> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`ciba/${row.issuer}`}))`);
  const [count] = await tx
    .select({
      user: sql<number>`coalesce(sum(${strongRequests.asks}) filter (where ${strongRequests.subject} = ${row.subject} and ${isRecent}), 0)::int`,
      tenant: sql<number>`coalesce(sum(${strongRequests.asks}) filter (where ${isRecent}), 0)::int`,
      pending: sql<number>`(count(*) filter (where ${strongRequests.status} = 'waiting'))::int`,
    })
    .from(strongRequests)
    .where(
      sql`${strongRequests.issuer} = ${row.issuer} and (${isRecent} or ${strongRequests.status} = 'waiting')`,
    );
  const { user = 0, tenant = 0, pending = 0 } = count ?? {};
  if (user < PER_USER && tenant < PER_TENANT && pending < PENDING) return true;
  await tx
    .update(strongRequests)
    .set({ trouble: 'device_busy', nextPollAt: sql`clock_timestamp() + interval '5 seconds'` })
    .where(eq(strongRequests.approvalId, row.approvalId));
  return false;
}

const isRecent = sql`${strongRequests.askedAt} > clock_timestamp() - interval '60 seconds'`;
