import type { Transaction } from '../../db/client.ts';
import { and, asc, eq, isNull, sql, type SQL } from '../../db/drizzle.ts';
import { factors } from '../../db/schema/factors.ts';
import { DeskError } from '../../errors.ts';
import type { StrongDeps } from '../deps.ts';
import { hasOwnSeal } from './factor-seal.ts';

type Row = typeof factors.$inferSelect;

/** A member's present passkey; `counts` by the database's clock. */
export type Factor = Row & { readonly counts: boolean };

export interface Owner {
  readonly workspaceId: string;
  readonly memberId: string;
}

type Reader = Pick<Transaction, 'select'>;
type FactorDeps = Pick<StrongDeps, 'keyring' | 'log'>;

/** A member's present passkeys, oldest first. */
export function listFactors(deps: FactorDeps, db: Reader, owner: Owner): Promise<Factor[]> {
  return read(
    deps,
    db,
    and(eq(factors.workspaceId, owner.workspaceId), eq(factors.memberId, owner.memberId)),
  );
}

/**
 * A present passkey of anyone in the workspace.
 * @param id its id, or at least eight characters of its beginning
 * @returns null when there is none, or more than one
 */
export async function findFactor(
  deps: FactorDeps,
  db: Reader,
  workspaceId: string,
  id: string,
): Promise<Factor | null> {
  if (!/^[0-9a-f]{8}[0-9a-f-]{0,28}$/.test(id)) return null;
  const [factor, other] = await read(
    deps,
    db,
    and(eq(factors.workspaceId, workspaceId), sql`${factors.id}::text like ${`${id}%`}`),
  );
  return factor === undefined || other !== undefined ? null : factor;
}

async function read(deps: FactorDeps, db: Reader, which: SQL | undefined): Promise<Factor[]> {
  const rows = await db
    .select({ factor: factors, counts: sql<boolean>`${factors.countsFrom} <= clock_timestamp()` })
    .from(factors)
    .where(and(which, isNull(factors.removedAt)))
    .orderBy(asc(factors.createdAt));
  return rows
    .filter(({ factor }) => hasOwnSeal(deps, factor))
    .map(({ factor, counts }) => ({ ...factor, counts }));
}

/** Why these passkeys can confirm nothing now, or null when one of them counts. */
export function findFactorProblem(present: readonly Factor[]): DeskError | null {
  if (present.some((factor) => factor.counts)) return null;
  const [first] = [...present].sort((a, b) => a.countsFrom.getTime() - b.countsFrom.getTime());
  if (first === undefined) return new DeskError('factor_missing');
  return new DeskError('factor_waiting', { at: writeUtc(first.countsFrom), id: shortId(first) });
}

/** How a passkey is called by people: the first eight characters of its id. */
export function shortId(factor: Pick<Row, 'id'>): string {
  return factor.id.slice(0, 8);
}

export function writeUtc(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
