import type { Database, Transaction } from '../db/client.ts';
import { and, asc, eq, inArray } from '../db/drizzle.ts';
import { policyHeads } from '../db/schema/policy.ts';
import { DeskError } from '../errors.ts';
import { describeBuiltIn } from './built-in.ts';
import type { PreparedPolicy } from './prepared-policy.ts';
import { createRecent } from './recent.ts';
import type { CatalogEntry } from './types.ts';
import { keepBuiltIn, prepareFromRows } from './versions/load-layers.ts';
import { readVersionName, writeVersionName, type LayerNumbers } from './versions/version-name.ts';

export interface PolicyStore {
  /** The policy in force for a member: built-in, organisation's and their own. */
  load(workspaceId: string, memberId: string): Promise<PreparedPolicy>;
  /** The same, locked so that it cannot change until the transaction ends; for claims. */
  loadLocked(tx: Transaction, workspaceId: string, memberId: string): Promise<PreparedPolicy>;
}

/** Every version that ever decided, for replay. */
export interface PolicyArchive {
  /**
   * @param version as a decision names it
   * @throws DeskError `policy_unknown`
   */
  prepareVersion(workspaceId: string, memberId: string, version: string): Promise<PreparedPolicy>;
}

type Reader = Pick<Transaction, 'select'>;

/** Prepared policies a process keeps; one takes about as much memory as its text. */
const CAPACITY = 256;

/**
 * Policies by version. Versions are immutable, so a prepared one never goes stale; only the heads, which are read each
 * time, say which ones are in force. The built-in layer is always the one of this release.
 */
export function createPolicyStore(
  database: Database,
  catalog: readonly CatalogEntry[],
): PolicyStore & PolicyArchive {
  const builtIn = describeBuiltIn(catalog);
  const prepared = createRecent<PreparedPolicy>(CAPACITY);
  /** Whether replay will find the built-in layer of this release. */
  let kept = false;

  const prepare = async (
    db: Reader,
    workspaceId: string,
    memberId: string,
    numbers: LayerNumbers,
  ): Promise<PreparedPolicy> => {
    // Whoever has no rules of their own shares the organisation's, and an empty organisation the built-in.
    const owner = numbers.member === 0 ? '' : memberId;
    const place = numbers.member === 0 && numbers.organisation === 0 ? '' : workspaceId;
    const key = JSON.stringify([place, owner, writeVersionName(numbers)]);
    const known = prepared.get(key);
    if (known !== undefined) return known;
    const policy = await prepareFromRows(db, builtIn, { workspaceId, memberId }, numbers);
    prepared.set(key, policy);
    return policy;
  };
  return {
    async load(workspaceId, memberId) {
      const found = kept ? await readHeads(database.db, workspaceId, memberId) : null;
      const numbers =
        found ??
        (await database.transaction(async (tx) => {
          await keepBuiltIn(tx, builtIn);
          await createHeads(tx, workspaceId, ['', memberId]);
          return readHeads(tx, workspaceId, memberId);
        }));
      kept = true;
      if (numbers === null) throw new DeskError('internal', { reference: 'policy heads were not made' });
      return prepare(database.db, workspaceId, memberId, { ...numbers, builtIn: builtIn.version });
    },
    async loadLocked(tx, workspaceId, memberId) {
      const numbers = await readHeads(tx, workspaceId, memberId, true);
      if (numbers === null) throw new DeskError('claim_refused', { reason: 'there is no policy in force' });
      return prepare(tx, workspaceId, memberId, { ...numbers, builtIn: builtIn.version });
    },
    async prepareVersion(workspaceId, memberId, version) {
      const numbers = readVersionName(version);
      if (numbers === null) throw new DeskError('policy_unknown', { version });
      return prepare(database.db, workspaceId, memberId, numbers);
    },
  };
}

/** Makes the heads that are not there yet; a row that does not exist cannot be locked. */
export async function createHeads(
  tx: Transaction,
  workspaceId: string,
  owners: readonly string[],
): Promise<void> {
  await tx
    .insert(policyHeads)
    .values([...owners].sort().map((owner) => ({ workspaceId, owner, number: 0 })))
    .onConflictDoNothing();
}

/** @returns null when one of the two is missing */
async function readHeads(
  db: Reader,
  workspaceId: string,
  memberId: string,
  locked = false,
): Promise<Omit<LayerNumbers, 'builtIn'> | null> {
  const query = db
    .select()
    .from(policyHeads)
    .where(and(eq(policyHeads.workspaceId, workspaceId), inArray(policyHeads.owner, ['', memberId])))
    .orderBy(asc(policyHeads.owner));
  const rows = await (locked ? query.for('share') : query);
  const organisation = rows.find(({ owner }) => owner === '');
  const member = rows.find(({ owner }) => owner === memberId);
  return organisation === undefined || member === undefined
    ? null
    : { organisation: organisation.number, member: member.number };
}
