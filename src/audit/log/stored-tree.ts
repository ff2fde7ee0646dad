import type { Database, Transaction } from '../../db/client.ts';
import { sql } from '../../db/drizzle.ts';
import { EMPTY_EDGE, growTree, hashLeaf, type Hash } from './merkle.ts';
import { hashRange, listConsistency, listInclusion, type Range } from './proofs.ts';

/** Roots of subtrees are stored for every eighth level: a proof reads at most 255 rows for one step. */
export const STORED_LEVELS = 8;

/** Leaves or nodes that were sealed are not all there. */
class MissingNodes extends Error {}

type Reader = Pick<Transaction | Database['db'], 'execute'>;

/** The steps that prove that the stored leaf `index` is in the tree of the first `size` leaves. */
export function proveInclusion(
  reader: Reader,
  workspaceId: string,
  index: number,
  size: number,
): Promise<Hash[]> {
  return hashAll(reader, workspaceId, listInclusion(index, size));
}

/**
 * The steps that prove that the tree of `second` leaves begins with that of `first`.
 * @returns null when leaves or nodes it takes are not there; a database that does not answer is an error, not a finding
 */
export async function proveConsistency(
  reader: Reader,
  workspaceId: string,
  first: number,
  second: number,
): Promise<Hash[] | null> {
  try {
    return await hashAll(reader, workspaceId, listConsistency(first, second));
  } catch (error) {
    if (error instanceof MissingNodes) return null;
    throw error;
  }
}

async function hashAll(reader: Reader, workspaceId: string, ranges: readonly Range[]): Promise<Hash[]> {
  const steps: Hash[] = [];
  for (const range of ranges) {
    steps.push(await hashRange(range, (level, index) => readNode(reader, workspaceId, level, index)));
  }
  return steps;
}

/** @throws MissingNodes when leaves or nodes of the subtree are not all there */
async function readNode(reader: Reader, workspaceId: string, level: number, index: number): Promise<Hash> {
  const base = level - (level % STORED_LEVELS);
  const width = 2 ** (level - base);
  const from = index * width;
  const hashes =
    base === 0
      ? (
          await reader.execute<{ leaf: string }>(sql`select leaf from agentdesk.audit_leaves
            where workspace_id = ${workspaceId} and index >= ${from} and index < ${from + width} order by index`)
        ).map((row) => hashLeaf(row.leaf))
      : (
          await reader.execute<{ hash: Buffer }>(sql`select hash from agentdesk.audit_nodes
            where workspace_id = ${workspaceId} and level = ${base} and index >= ${from} and index < ${from + width}
            order by index`)
        ).map((row) => row.hash);
  if (hashes.length !== width) throw new MissingNodes(`the tree lacks nodes under level ${level}, ${index}`);
  const tree = growTree(EMPTY_EDGE);
  for (const hash of hashes) tree.add(hash);
  return tree.root();
}
