import { createHash } from 'node:crypto';
import type { Database, Transaction } from '../db/client.ts';
import { eq } from '../db/drizzle.ts';
import { policyHeads, policyVersions } from '../db/schema/records.ts';
import { DeskError } from '../errors.ts';
import { readDefaultPolicy } from './default-policy.ts';
import { preparePolicy } from './prepare.ts';
import type { PreparedPolicy } from './prepared-policy.ts';
import type { CatalogEntry } from './types.ts';

export interface PolicyStore {
  /** The policy in force in a workspace. */
  load(workspaceId: string): Promise<PreparedPolicy>;
  /** The same, locked so that it cannot change until the transaction ends; for claims. */
  loadLocked(tx: Transaction, workspaceId: string): Promise<PreparedPolicy>;
}

/**
 * Policies by version, prepared once a process. Versions are immutable, so a prepared one never goes stale; only
 * the head, which is read each time, says which one is in force.
 */
export function createPolicyStore(database: Database, catalog: readonly CatalogEntry[]): PolicyStore {
  const builtIn = readDefaultPolicy(catalog);
  // The catalog is part of what a version means: the same rules over other actions decide otherwise.
  const builtInVersion = `builtin-${createHash('sha256').update(builtIn).update(JSON.stringify(catalog)).digest('hex').slice(0, 12)}`;
  const prepared = new Map<string, PreparedPolicy>();

  const prepareVersion = (version: string): PreparedPolicy => {
    const known = prepared.get(version);
    if (known !== undefined) return known;
    if (version !== builtInVersion)
      throw new DeskError('config_invalid', { problem: `unknown policy version ${version}` });
    const policy = preparePolicy({ catalog, layers: [{ name: 'built-in', cedar: builtIn }], version });
    prepared.set(version, policy);
    return policy;
  };
  const ensureHead = async (tx: Transaction, workspaceId: string): Promise<void> => {
    await tx
      .insert(policyVersions)
      .values({ workspaceId, version: builtInVersion, layers: {}, author: 'built-in' })
      .onConflictDoNothing();
    await tx
      .insert(policyHeads)
      .values({ workspaceId, version: builtInVersion })
      .onConflictDoUpdate({
        target: policyHeads.workspaceId,
        set: { version: builtInVersion, updatedAt: new Date() },
      });
  };
  const read = async (tx: Pick<Transaction, 'select'>, workspaceId: string): Promise<string | null> => {
    const [row] = await tx.select().from(policyHeads).where(eq(policyHeads.workspaceId, workspaceId));
    return row?.version ?? null;
  };
  return {
    async load(workspaceId) {
      const version = await read(database.db, workspaceId);
      // A new release brings new built-in rules: the head follows.
      if (version !== builtInVersion) await database.transaction((tx) => ensureHead(tx, workspaceId));
      return prepareVersion(builtInVersion);
    },
    async loadLocked(tx, workspaceId) {
      const [row] = await tx
        .select()
        .from(policyHeads)
        .where(eq(policyHeads.workspaceId, workspaceId))
        .for('share');
      if (row === undefined) throw new DeskError('claim_refused', { reason: 'there is no policy in force' });
      return prepareVersion(row.version);
    },
  };
}
