import type { Transaction } from '../../db/client.ts';
import { and, eq, or, sql } from '../../db/drizzle.ts';
import { policyBuiltIns, policyVersions } from '../../db/schema/policy.ts';
import { DeskError } from '../../errors.ts';
import type { BuiltIn } from '../built-in.ts';
import { preparePolicy } from '../prepare.ts';
import type { PreparedPolicy } from '../prepared-policy.ts';
import { compileLayer } from '../rules/compile.ts';
import { EMPTY_LAYER } from '../rules/types.ts';
import type { CatalogEntry } from '../types.ts';
import { writeVersionName, type LayerNumbers } from './version-name.ts';

type Reader = Pick<Transaction, 'select'>;

/**
 * Prepares a version from its rows, as it was when it decided: the built-in layer of that release, and the Cedar text
 * that was stored with each layer.
 * @param current the built-in layer of this release
 * @param instead a layer that is not stored, in place of the one its owner has
 * @throws DeskError `policy_unknown` when a row is missing
 */
export async function prepareFromRows(
  db: Reader,
  current: BuiltIn,
  who: { readonly workspaceId: string; readonly memberId: string },
  numbers: LayerNumbers,
  instead: { readonly owner: string; readonly cedar: string } | null = null,
): Promise<PreparedPolicy> {
  const version = writeVersionName(numbers);
  const builtIn =
    numbers.builtIn === current.version ? current : await readBuiltIn(db, numbers.builtIn, version);
  const rows = await readRows(db, who, numbers);
  const textOf = (owner: string, number: number): string => {
    if (owner === instead?.owner) return instead.cedar;
    if (number === 0) {
      return compileLayer(EMPTY_LAYER, { catalog: builtIn.catalog, workspaceId: who.workspaceId, owner });
    }
    const row = rows.find((found) => found.owner === owner);
    if (row === undefined) throw new DeskError('policy_unknown', { version });
    return row.cedar;
  };
  return preparePolicy({
    catalog: builtIn.catalog,
    retired: listRetired(
      builtIn.catalog,
      rows.flatMap(({ catalog }) => catalog as CatalogEntry[]),
    ),
    layers: [
      { name: 'built-in', cedar: builtIn.cedar },
      { name: 'organisation', cedar: textOf('', numbers.organisation) },
      { name: 'member', cedar: textOf(who.memberId, numbers.member) },
    ],
    version,
  });
}

/** Stores what decisions of this release stand on, before any of them is made. */
export async function keepBuiltIn(
  tx: Pick<Transaction, 'insert'>,
  { version, catalog, cedar }: BuiltIn,
): Promise<void> {
  await tx.insert(policyBuiltIns).values({ version, catalog, cedar }).onConflictDoNothing();
}

async function readBuiltIn(db: Reader, builtIn: string, version: string): Promise<BuiltIn> {
  const [row] = await db.select().from(policyBuiltIns).where(eq(policyBuiltIns.version, builtIn));
  if (row === undefined) throw new DeskError('policy_unknown', { version });
  return { version: row.version, cedar: row.cedar, catalog: row.catalog as CatalogEntry[] };
}

async function readRows(
  db: Reader,
  { workspaceId, memberId }: { readonly workspaceId: string; readonly memberId: string },
  { organisation, member }: LayerNumbers,
) {
  if (organisation === 0 && member === 0) return [];
  return db
    .select({
      owner: policyVersions.owner,
      cedar: policyVersions.cedar,
      catalog: sql<unknown>`coalesce(${policyBuiltIns.catalog}, '[]'::jsonb)`,
    })
    .from(policyVersions)
    .leftJoin(policyBuiltIns, eq(policyBuiltIns.version, policyVersions.builtIn))
    .where(
      and(
        eq(policyVersions.workspaceId, workspaceId),
        or(
          and(eq(policyVersions.owner, ''), eq(policyVersions.number, organisation)),
          and(eq(policyVersions.owner, memberId), eq(policyVersions.number, member)),
        ),
      ),
    );
}

function listRetired(catalog: readonly CatalogEntry[], older: readonly CatalogEntry[]): CatalogEntry[] {
  const known = new Set(catalog.map(({ id }) => id));
  return [...new Map(older.filter(({ id }) => !known.has(id)).map((entry) => [entry.id, entry])).values()];
}
