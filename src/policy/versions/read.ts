import type { Transaction } from '../../db/client.ts';
import { and, desc, eq, lt } from '../../db/drizzle.ts';
import { policyHeads, policyVersions } from '../../db/schema/policy.ts';
import { DeskError } from '../../errors.ts';
import type { Classification } from '../rules/classify.ts';
import { EMPTY_LAYER, type LayerDocument } from '../rules/types.ts';
import type { LayerHead, PolicyVersion } from './types.ts';

type Reader = Pick<Transaction, 'select'>;

/** A layer's place: `owner` is `''` for the organisation, else a member. */
export interface LayerPlace {
  readonly workspaceId: string;
  readonly owner: string;
}

/** The layer in force; an empty one, version 0, when nothing was ever written. */
export async function readHead(db: Reader, { workspaceId, owner }: LayerPlace): Promise<LayerHead> {
  const [head] = await db
    .select({ number: policyHeads.number })
    .from(policyHeads)
    .where(and(eq(policyHeads.workspaceId, workspaceId), eq(policyHeads.owner, owner)));
  return readNumber(db, { workspaceId, owner }, head?.number ?? 0);
}

/**
 * A version by its number; 0 is the empty layer.
 * @throws DeskError `policy_unknown`
 */
export async function readNumber(db: Reader, place: LayerPlace, number: number): Promise<LayerHead> {
  if (number === 0) return { number, document: EMPTY_LAYER, cedar: '', author: null, createdAt: null };
  const version = await findVersion(db, place, number);
  if (version === null) throw new DeskError('policy_unknown', { version: number });
  return version;
}

/** @returns null when there is no such version */
export async function findVersion(
  db: Reader,
  { workspaceId, owner }: LayerPlace,
  number: number,
): Promise<PolicyVersion | null> {
  const [row] = await db
    .select()
    .from(policyVersions)
    .where(
      and(
        eq(policyVersions.workspaceId, workspaceId),
        eq(policyVersions.owner, owner),
        eq(policyVersions.number, number),
      ),
    );
  return row === undefined ? null : toVersion(row);
}

/** @returns null when there is no such version */
export async function findVersionById(db: Reader, id: string): Promise<PolicyVersion | null> {
  const [row] = await db.select().from(policyVersions).where(eq(policyVersions.id, id));
  return row === undefined ? null : toVersion(row);
}

/**
 * The history of a layer, newest first.
 * @param page `before` is the number of the last one already seen
 */
export async function listVersions(
  db: Reader,
  { workspaceId, owner }: LayerPlace,
  page: { readonly before?: number; readonly limit: number },
): Promise<PolicyVersion[]> {
  const rows = await db
    .select()
    .from(policyVersions)
    .where(
      and(
        eq(policyVersions.workspaceId, workspaceId),
        eq(policyVersions.owner, owner),
        page.before === undefined ? undefined : lt(policyVersions.number, page.before),
      ),
    )
    .orderBy(desc(policyVersions.number))
    .limit(page.limit);
  return rows.map(toVersion);
}

export function toVersion(row: typeof policyVersions.$inferSelect): PolicyVersion {
  return {
    ...row,
    // Written by `proposeVersion` alone, after it was read by the schema.
    document: row.document as LayerDocument,
    classification: row.classification satisfies Classification,
  };
}

/** Workspaces that have a policy, which is every one that was ever used. */
export async function listWorkspaces(db: Reader): Promise<string[]> {
  const rows = await db
    .select({ workspaceId: policyHeads.workspaceId })
    .from(policyHeads)
    .where(eq(policyHeads.owner, ''))
    .orderBy(policyHeads.workspaceId);
  return rows.map(({ workspaceId }) => workspaceId);
}
