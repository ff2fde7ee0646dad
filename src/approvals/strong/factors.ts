import type { Transaction } from '../../db/client.ts';
import { and, asc, eq, isNull, sql } from '../../db/drizzle.ts';
import { factors } from '../../db/schema/factors.ts';
import { DeskError } from '../../errors.ts';

/** A member's passkey; `counts` by the database's clock. */
export type Factor = typeof factors.$inferSelect & { readonly counts: boolean };

export interface Owner {
  readonly workspaceId: string;
  readonly memberId: string;
}

type Reader = Pick<Transaction, 'select'>;

const counts = sql<boolean>`${factors.countsFrom} <= clock_timestamp()`;

/** A member's present passkeys, oldest first. */
export async function listFactors(db: Reader, owner: Owner): Promise<Factor[]> {
  const rows = await db
    .select({ factor: factors, counts })
    .from(factors)
    .where(
      and(
        eq(factors.workspaceId, owner.workspaceId),
        eq(factors.memberId, owner.memberId),
        isNull(factors.removedAt),
      ),
    )
    .orderBy(asc(factors.createdAt));
  return rows.map((row) => ({ ...row.factor, counts: row.counts }));
}

/** A present passkey of anyone in the workspace, by its id. */
export async function findFactor(db: Reader, workspaceId: string, id: string): Promise<Factor | null> {
  const [row] = await db
    .select({ factor: factors, counts })
    .from(factors)
    .where(and(eq(factors.workspaceId, workspaceId), eq(factors.id, id), isNull(factors.removedAt)));
  return row === undefined ? null : { ...row.factor, counts: row.counts };
}

/** Present passkeys of a workspace whose id begins so; at least eight characters of it. */
export async function findByPrefix(db: Reader, workspaceId: string, prefix: string): Promise<Factor | null> {
  if (!/^[0-9a-f]{8}[0-9a-f-]{0,28}$/.test(prefix)) return null;
  const rows = await db
    .select({ factor: factors, counts })
    .from(factors)
    .where(
      and(
        eq(factors.workspaceId, workspaceId),
        isNull(factors.removedAt),
        sql`${factors.id}::text like ${`${prefix}%`}`,
      ),
    )
    .limit(2);
  const [row, other] = rows;
  return row === undefined || other !== undefined ? null : { ...row.factor, counts: row.counts };
}

/** Why these passkeys can confirm nothing now, or null when one of them counts. */
export function findFactorProblem(present: readonly Factor[]): DeskError | null {
  if (present.some((factor) => factor.counts)) return null;
  const [first] = [...present].sort((a, b) => a.countsFrom.getTime() - b.countsFrom.getTime());
  if (first === undefined) return new DeskError('factor_missing');
  const at = `${first.countsFrom.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return new DeskError('factor_waiting', { at, id: shortId(first) });
}

/** How a passkey is called by people: the first eight characters of its id. */
export function shortId(factor: Pick<Factor, 'id'>): string {
  return factor.id.slice(0, 8);
}
