import { append } from '../../audit/append.ts';
import type { Database, Transaction } from '../../db/client.ts';
import { DeskError } from '../../errors.ts';
import { describeOwner, nameActor } from './audit-names.ts';
import type { HeadDeps } from './move-head.ts';
import { proposeVersion, type Proposal } from './propose-version.ts';
import { readNumber } from './read.ts';
import type { PolicyVersion } from './types.ts';

/** What changing a policy takes. */
export interface PolicyDeps extends HeadDeps {
  readonly database: Database;
  /** In the same transaction as the pending version: where its approval is asked for. */
  readonly onPending?: (tx: Transaction, version: PolicyVersion) => Promise<void>;
}

/**
 * Saves a new version of a layer in a transaction of its own. A change that only tightens is in force when this
 * returns (status `active`); any other is `pending` until {@link activatePending}.
 * @throws DeskError as {@link proposeVersion}; a refusal is audited
 */
export async function propose(deps: PolicyDeps, proposal: Proposal): Promise<PolicyVersion> {
  try {
    return await deps.database.transaction(async (tx) => {
      const version = await proposeVersion(tx, deps, proposal);
      if (version.status === 'pending') await deps.onPending?.(tx, version);
      return version;
    });
  } catch (error) {
    if (error instanceof DeskError) await recordRefusal(deps.database, proposal, error);
    throw error;
  }
}

/**
 * Proposes what an earlier version said.
 * @throws DeskError as {@link proposeVersion}, and `policy_unknown`
 */
export async function rollBack(
  deps: PolicyDeps,
  { number, ...proposal }: Omit<Proposal, 'document' | 'source'> & { readonly number: number },
): Promise<PolicyVersion> {
  const { document } = await readNumber(deps.database.db, proposal, number);
  return propose(deps, { ...proposal, document, source: 'rollback' });
}

/** In a transaction of its own: the one that was refused is rolled back. */
async function recordRefusal(
  database: Database,
  { workspaceId, owner, author, baseVersion, source }: Proposal,
  error: DeskError,
): Promise<void> {
  await database.transaction((tx) =>
    append(tx, {
      workspaceId,
      type: 'policy.refused',
      actor: nameActor(author.memberId),
      memberId: owner === '' ? null : owner,
      target: describeOwner(owner),
      outcome: error.code,
      why: error.message,
      detail: { base: baseVersion, source },
    }),
  );
}
