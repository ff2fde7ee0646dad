import { z } from 'zod';
import { and, eq, inArray, sql } from '../db/drizzle.ts';
import type { Transaction } from '../db/client.ts';
import { exchanges } from '../db/schema/authority.ts';
import type { Context } from './context.ts';

/** One exchange to work with, one more after a 401 of the provider's API. */
const EXCHANGES_PER_LEASE = 2;

interface LeaseClaim {
  readonly leaseId: string;
  readonly subject: string;
  readonly connection: string;
  /** The vault's id of the account. */
  readonly accountId: string;
}

type Reservation =
  | { readonly outcome: 'reserved'; readonly exchangeId: number; readonly scopes: readonly string[] }
  | { readonly outcome: 'lease_not_open' | 'scope_not_leased' | 'lease_used_up' };

const LeaseRows = z.array(z.object({ kind: z.string(), scopes: z.array(z.string()) }));
type LeaseRow = z.infer<typeof LeaseRows>[number];

/**
 * Takes one of the lease's exchanges, or notes that it was refused. The lease is read from the desk's own view of
 * what may be exchanged this moment; the authority believes nothing that the request says of it.
 * @param scopes asked for; none = all that are leased
 */
export async function reserveExchange(
  context: Pick<Context, 'database' | 'issuer' | 'now'>,
  claim: LeaseClaim,
  scopes: readonly string[],
): Promise<Reservation> {
  return context.database.transaction(async (tx): Promise<Reservation> => {
    // Two requests for one lease take turns, or both would count the same number of earlier ones.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${claim.leaseId}, 0))`);
    const lease = await findOpenLease(tx, context.issuer, claim);
    const outcome = await judge(tx, lease, claim, scopes);
    const { leaseId, subject, connection } = claim;
    const [row] = await tx
      .insert(exchanges)
      .values({ leaseId, subject, connection, outcome, at: context.now() })
      .returning({ id: exchanges.id });
    if (outcome !== 'reserved' || lease === null || row === undefined) {
      return { outcome: outcome === 'reserved' ? 'lease_not_open' : outcome };
    }
    return { outcome, exchangeId: row.id, scopes: scopes.length === 0 ? lease.scopes : scopes };
  });
}

async function judge(
  tx: Transaction,
  lease: LeaseRow | null,
  { leaseId }: LeaseClaim,
  scopes: readonly string[],
): Promise<Reservation['outcome']> {
  // A disconnect lease is for revoking; no token leaves the vault for it.
  if (lease === null || lease.kind === 'disconnect') return 'lease_not_open';
  if (!scopes.every((scope) => lease.scopes.includes(scope))) return 'scope_not_leased';
  const earlier = await tx
    .select({ id: exchanges.id })
    .from(exchanges)
    .where(and(eq(exchanges.leaseId, leaseId), inArray(exchanges.outcome, ['reserved', 'granted'])));
  return earlier.length < EXCHANGES_PER_LEASE ? 'reserved' : 'lease_used_up';
}

/** The lease when it is open for exactly this account of this subject. */
export async function findOpenLease(
  tx: Pick<Transaction, 'execute'>,
  issuer: string,
  { leaseId, subject, connection, accountId }: LeaseClaim,
): Promise<LeaseRow | null> {
  const rows: unknown = await tx.execute(sql`
    select kind, to_jsonb(scopes) as scopes from agentdesk.exchangeable_leases
    where lease_id = ${leaseId}::uuid and issuer = ${issuer} and subject = ${subject}
      and connection = ${connection} and vault_id = ${accountId}`);
  return LeaseRows.parse(rows)[0] ?? null;
}

/** Notes how a reserved exchange ended. One that failed may be asked for again. */
export async function finishExchange(
  { database }: Pick<Context, 'database'>,
  exchangeId: number,
  outcome: string,
): Promise<void> {
  await database.db.update(exchanges).set({ outcome }).where(eq(exchanges.id, exchangeId));
}
