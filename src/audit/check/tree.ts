import type { Db } from '../../db/pool.ts';
import { sql } from '../../db/drizzle.ts';
import { readNewest } from '../log/checkpoints.ts';
import { listLogKeys, originOf } from '../log/keys.ts';
import { EMPTY_EDGE, growTree, hashLeaf, rootOf, unpackEdge, type Edge, type Hash } from '../log/merkle.ts';
import { isSignedBy, readCheckpoint } from '../log/note.ts';
import { verifyConsistency } from '../log/proofs.ts';
import { proveConsistency } from '../log/stored-tree.ts';
import type { Finding } from './findings.ts';

const BLOCK = 256;
const PAGE = 5_000;

/** A log as far as a check needs it. */
export interface CheckedLog {
  readonly workspaceId: string;
  readonly logId: string;
  readonly size: number;
}

/** Reads of one snapshot, so that a log that grows meanwhile does not look altered. */
export type Reader = Pick<Db, 'select' | 'execute'>;

/** The stored right edge against nodes and leaves, and the newest checkpoint against all of them. */
export async function compareTree(reader: Reader, log: CheckedLog): Promise<Finding[]> {
  const found = (kind: Finding['kind'], text: string): Finding[] => [
    { kind, key: `${kind}/${log.size}`, text },
  ];
  const edge = await readEdge(reader, log);
  if (edge === null)
    return found('tree_altered', 'The head of the audit log does not fit its size: it was altered.');
  const grown = await regrow(reader, log);
  if (grown === null || edge.hashes.some((hash, at) => grown[at]?.equals(hash) !== true)) {
    return found(
      'tree_altered',
      'The stored tree of the audit log is not the one its head was made of: leaves or nodes were altered or removed.',
    );
  }
  const newest = await readNewest(reader, log.workspaceId);
  if (newest === null) return [];
  const checkpoint = readCheckpoint(newest.note);
  const raw = (await listLogKeys(reader)).get(newest.kid);
  const origin = originOf(log.logId);
  if (
    checkpoint?.origin !== origin ||
    checkpoint.size !== newest.size ||
    raw === undefined ||
    !isSignedBy(checkpoint.text, checkpoint.signatures, { name: origin, raw })
  ) {
    return found('checkpoint_altered', `The newest checkpoint (${newest.size} events) was altered.`);
  }
  if (checkpoint.size > log.size) {
    return found(
      'tree_altered',
      `The audit log has ${log.size} events, but ${checkpoint.size} were signed: its end was cut off.`,
    );
  }
  const proof = await proveConsistency(reader, log.workspaceId, checkpoint.size, log.size);
  if (proof !== null && verifyConsistency(checkpoint, { size: log.size, root: rootOf(edge.hashes) }, proof))
    return [];
  return found(
    'tree_altered',
    `The audit log does not begin with the ${checkpoint.size} events that were signed.`,
  );
}

async function readEdge(reader: Reader, { workspaceId, size }: CheckedLog): Promise<Edge | null> {
  const [row] = await reader.execute<{ edge: Buffer }>(sql`
    select edge from agentdesk.audit_logs where workspace_id = ${workspaceId} and size = ${size}`);
  return row === undefined ? null : unpackEdge(size, row.edge);
}

/** The right edge, made anew from the roots of complete blocks and the leaves after them. */
async function regrow(reader: Reader, { workspaceId, size }: CheckedLog): Promise<readonly Hash[] | null> {
  const blocks = Math.floor(size / BLOCK);
  const upper = growTree(EMPTY_EDGE);
  let count = 0;
  for (let from = 0; from < blocks; from += PAGE) {
    const rows = await reader.execute<{ hash: Buffer }>(sql`select hash from agentdesk.audit_nodes
      where workspace_id = ${workspaceId} and level = 8 and index >= ${from} and index < ${Math.min(from + PAGE, blocks)}
      order by index`);
    for (const { hash } of rows) upper.add(hash);
    count += rows.length;
  }
  const rest = await reader.execute<{ leaf: string }>(sql`
    select leaf from agentdesk.audit_leaves
    where workspace_id = ${workspaceId} and index >= ${blocks * BLOCK} and index < ${size} order by index`);
  if (count !== blocks || rest.length !== size - blocks * BLOCK) return null;
  const lower = growTree(EMPTY_EDGE);
  for (const { leaf } of rest) lower.add(hashLeaf(leaf));
  return [...upper.edge().hashes, ...lower.edge().hashes];
}
