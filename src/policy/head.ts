import type { Database, Transaction } from '../db/client.ts';
import { and, asc, eq, inArray } from '../db/drizzle.ts';
import { policyHeads } from '../db/schema/policy.ts';
import { DeskError } from '../errors.ts';
import { describeBuiltIn } from './built-in.ts';
import type { PreparedPolicy } from './prepared-policy.ts';
import { createRecent } from './recent.ts';
import type { CatalogEntry } from './types.ts';
import {
  createHeads,
  digestContent,
  findHeadProblem,
  sealOldHead,
  type HeadKeyring,
} from './versions/head-seal.ts';
import { keepBuiltIn, prepareFromRows } from './versions/load-layers.ts';
import { findVersion } from './versions/read.ts';
import { readVersionName, writeVersionName, type LayerNumbers } from './versions/version-name.ts';

export interface PolicyStore {
  /**
   * The policy in force for a member: built-in, organisation's and their own.
   * @throws DeskError `policy_tampered` when it is not the one that was put in force
   */
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

type Reader = Pick<Transaction, 'select' | 'transaction'>;

/** A layer's head as it is stored. */
type StoredHead = typeof policyHeads.$inferSelect;

/** Prepared policies a process keeps; one takes about as much memory as its text. */
const CAPACITY = 256;

/**
 * Policies by version. Versions are immutable, so a prepared one never goes stale; only the heads, which are read each
 * time, say which ones are in force. The built-in layer is always the one of this release.
 */
export function createPolicyStore(
  database: Database,
  catalog: readonly CatalogEntry[],
  keyring: HeadKeyring,
): PolicyStore & PolicyArchive {
  const builtIn = describeBuiltIn(catalog);
  const prepared = createRecent<PreparedPolicy>(CAPACITY);
  /** What the version of a head says, by the head; both never change. */
  const contents = createRecent<string>(CAPACITY * 4);
  /** Whether replay will find the built-in layer of this release. */
  let kept = false;

  const prepare = async (
    db: Reader,
    workspaceId: string,
    memberId: string,
    numbers: LayerNumbers,
    stamp = '',
  ): Promise<PreparedPolicy> => {
    const key = keyOf(workspaceId, memberId, numbers) + stamp;
    const known = prepared.get(key);
    if (known !== undefined) return known;
    const policy = await prepareFromRows(db, builtIn, { workspaceId, memberId }, numbers);
    prepared.set(key, policy);
    return policy;
  };
  const digest = async (db: Reader, head: StoredHead, again: boolean): Promise<string> => {
    const key = JSON.stringify([head.workspaceId, head.owner, stampOf(head)]);
    const known = again ? undefined : contents.get(key);
    if (known !== undefined) return known;
    const version = head.number === 0 ? null : await findVersion(db, head, head.number);
    if (head.number !== 0 && version === null) throw new DeskError('policy_tampered');
    const content = digestContent(version);
    contents.set(key, content);
    return content;
  };
  /** Prepares what the heads say, once it is certain that we wrote them. */
  const trust = async (
    db: Reader,
    [organisation, member]: readonly [StoredHead, StoredHead],
    seal?: (head: StoredHead, content: string) => Promise<void>,
  ): Promise<PreparedPolicy> => {
    const { workspaceId, owner } = member;
    const numbers = {
      builtIn: builtIn.version,
      organisation: organisation.number,
      member: member.number,
    };
    // What is read anew is looked at anew.
    const stamp = stampOf(organisation) + stampOf(member);
    const again = prepared.get(keyOf(workspaceId, owner, numbers) + stamp) === undefined;
    for (const head of [organisation, member]) {
      const content = await digest(db, head, again);
      if ((await findHeadProblem(db, keyring, head, content)) !== null)
        throw new DeskError('policy_tampered');
      if (head.seal === null) await seal?.(head, content);
    }
    return prepare(db, workspaceId, owner, numbers, stamp);
  };
  return {
    async load(workspaceId, memberId) {
      const found = kept ? await readHeads(database.db, workspaceId, memberId) : null;
      const heads =
        found ??
        (await database.transaction(async (tx) => {
          await keepBuiltIn(tx, builtIn);
          await createHeads(tx, keyring, workspaceId, ['', memberId]);
          return readHeads(tx, workspaceId, memberId);
        }));
      kept = true;
      if (heads === null) throw new DeskError('internal', { reference: 'policy heads were not made' });
      return trust(database.db, heads, (head, content) => sealOldHead(database.db, keyring, head, content));
    },
    async loadLocked(tx, workspaceId, memberId) {
      const heads = await readHeads(tx, workspaceId, memberId, true);
      if (heads === null) throw new DeskError('claim_refused', { reason: 'there is no policy in force' });
      return trust(tx, heads);
    },
    async prepareVersion(workspaceId, memberId, version) {
      const numbers = readVersionName(version);
      if (numbers === null) throw new DeskError('policy_unknown', { version });
      return prepare(database.db, workspaceId, memberId, numbers);
    },
  };
}

/** Tells a head from any other of its place; nothing for an empty layer, which is the same everywhere. */
function stampOf({ number, seal }: StoredHead): string {
  return number === 0 ? '' : `/${number}.${seal?.toString('hex') ?? ''}`;
}

/** Whoever has no rules of their own shares the organisation's policy, and an empty organisation the built-in. */
function keyOf(workspaceId: string, memberId: string, numbers: LayerNumbers): string {
  const owner = numbers.member === 0 ? '' : memberId;
  const place = numbers.member === 0 && numbers.organisation === 0 ? '' : workspaceId;
  return JSON.stringify([place, owner, writeVersionName(numbers)]);
}

/** The organisation's head and the member's; null when one of the two is missing. */
async function readHeads(
  db: Reader,
  workspaceId: string,
  memberId: string,
  locked = false,
): Promise<readonly [StoredHead, StoredHead] | null> {
  const query = db
    .select()
    .from(policyHeads)
    .where(and(eq(policyHeads.workspaceId, workspaceId), inArray(policyHeads.owner, ['', memberId])))
    .orderBy(asc(policyHeads.owner));
  const rows = await (locked ? query.for('share') : query);
  const [organisation, member] = rows;
  return organisation === undefined || member === undefined ? null : [organisation, member];
}
