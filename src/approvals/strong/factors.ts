import type { Transaction } from '../../db/client.ts';
import { and, asc, eq, isNull, sql, type SQL } from '../../db/drizzle.ts';
import { factors } from '../../db/schema/factors.ts';
import { DeskError } from '../../errors.ts';
import type { StrongDeps } from '../deps.ts';
import { hasOwnSeal } from './factor-seal.ts';

type Row = typeof factors.$inferSelect;

/** A member's present second device; `counts` by the database's clock. */
export type Factor = Row & { readonly counts: boolean };

export interface Owner {
  readonly workspaceId: string;
  readonly memberId: string;
}

type Reader = Pick<Transaction, 'select'>;
type FactorDeps = Pick<StrongDeps, 'keyring' | 'log'>;

/** A member's present passkeys, oldest first. */
export function listFactors(deps: FactorDeps, db: Reader, owner: Owner): Promise<Factor[]> {
  return read(deps, db, and(isOf(owner), eq(factors.kind, 'passkey')));
}

/** A member's present identities at tenants that count, or will, as second devices. */
export function listTenantFactors(deps: FactorDeps, db: Reader, owner: Owner): Promise<Factor[]> {
  return read(deps, db, and(isOf(owner), eq(factors.kind, 'tenant')));
}

const isOf = (owner: Owner): SQL | undefined =>
  and(eq(factors.workspaceId, owner.workspaceId), eq(factors.memberId, owner.memberId));

/**
 * A present passkey, or identity at a tenant, of anyone in the workspace.
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

/** So far away is the time from which a passkey counts that only an admin's word makes count. */
export const UNVOUCHED_HOURS = 100 * 365 * 24;

/** Whether time alone does not make it count. */
export function isUnvouched({ countsFrom, createdAt }: Pick<Row, 'countsFrom' | 'createdAt'>): boolean {
  return countsFrom.getTime() - createdAt.getTime() > (UNVOUCHED_HOURS * 3_600_000) / 2;
}

/** Why these passkeys can confirm nothing now, or null when one of them counts. */
export function findFactorProblem(present: readonly Factor[]): DeskError | null {
  if (present.some((factor) => factor.counts)) return null;
  const [first] = [...present].sort((a, b) => a.countsFrom.getTime() - b.countsFrom.getTime());
  if (first === undefined) return new DeskError('factor_missing');
  if (isUnvouched(first)) return new DeskError('factor_unvouched', { id: shortId(first) });
  return new DeskError('factor_waiting', { at: writeUtc(first.countsFrom), id: shortId(first) });
}

/** What people call a second device of this kind. */
export function nameKind({ kind }: Pick<Row, 'kind'>): string {
  return kind === 'passkey' ? 'passkey' : 'linked identity';
}

/** How a second device is called by people: the first eight characters of its id. */
export function shortId(factor: Pick<Row, 'id'>): string {
  return factor.id.slice(0, 8);
}

export function writeUtc(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
