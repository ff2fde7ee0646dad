import type { Database } from '../../db/client.ts';
import { sql } from '../../db/drizzle.ts';
import { canonicalValues } from '../event.ts';
import { readLeaves, type StoredLeaf } from '../export/pages.ts';
import { writeLeaf } from '../leaf.ts';
import { EMPTY_EDGE, growTree, hashLeaf, type Hash } from '../log/merkle.ts';
import type { Finding } from './findings.ts';
import { isErasureKnown } from './erasures.ts';
import { readPruned } from './pruned.ts';
import { compareTree, type CheckedLog, type Reader } from './tree.ts';

const EVERYTHING = { from: null, to: null, memberId: null };
/** Leaves read at a time; a multiple of the 256 of a stored subtree. */
const PAGE = 4_096;
const BLOCK = 256;

/** A log and how much of it was pruned. */
type ComparedLog = CheckedLog & { readonly prunedBefore: number };

/**
 * Compares what is stored: rows with leaves, leaves with the tree, the tree with the newest checkpoint. Whoever goes past
 * the application and changes, removes or adds sealed rows is found here.
 * @param range leaves from..to-1 (whole blocks of 256 are taken); without it, all
 */
export async function findTampering(
  database: Database,
  workspaceId: string,
  range: { from: number; to: number } = { from: 0, to: Number.MAX_SAFE_INTEGER },
): Promise<Finding[]> {
  return database.within(workspaceId, (tx) => compare(tx, workspaceId, range), {
    isolationLevel: 'repeatable read',
    accessMode: 'read only',
  });
}

async function compare(
  reader: Reader,
  workspaceId: string,
  range: { from: number; to: number },
): Promise<Finding[]> {
  const [row] = await reader.execute<{ log_id: string; size: string }>(sql`
    select log_id::text as log_id, size::text as size from agentdesk.audit_logs where workspace_id = ${workspaceId}`);
  if (row === undefined) return [];
  const prunedBefore = (await readPruned(reader, workspaceId))?.before ?? 0;
  const log = { workspaceId, logId: row.log_id, size: Number(row.size), prunedBefore };
  const findings = await compareTree(reader, log);
  const from = Math.floor(range.from / BLOCK) * BLOCK;
  const to = Math.min(Math.ceil(range.to / BLOCK) * BLOCK, log.size);
  for (let at = from; at < to; at += PAGE) {
    const end = Math.min(at + PAGE, to);
    const leaves = await readLeaves(reader, workspaceId, [at, end], EVERYTHING);
    findings.push(...(await compareLeaves(reader, log, leaves, [at, end])));
    findings.push(...(await compareNodes(reader, log, leaves, [at, end])));
  }
  return [...findings, ...(await findUnsealed(reader, log, from, to))];
}

async function compareLeaves(
  reader: Reader,
  log: ComparedLog,
  leaves: readonly StoredLeaf[],
  [from, to]: readonly [number, number],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const byIndex = new Map(leaves.map((leaf) => [leaf.index, leaf]));
  for (let index = from; index < to; index += 1) {
    const leaf = byIndex.get(index);
    if (leaf === undefined) {
      findings.push(describe('leaf_missing', index, 'its leaf was removed'));
      continue;
    }
    const problem = await compareLeaf(reader, log, leaf);
    if (problem !== null) findings.push(describe(problem[0], index, problem[1]));
  }
  return findings;
}

async function compareLeaf(
  reader: Reader,
  { workspaceId, logId, prunedBefore }: ComparedLog,
  { index, leaf, record, salt, eventId }: StoredLeaf,
): Promise<[kind: Finding['kind'], what: string] | null> {
  if (record === null && salt === null && index < prunedBefore) return null;
  if (record === null) return ['row_missing', `its row (${eventId}) was removed`];
  if (salt !== null) {
    if (writeLeaf(record, canonicalValues(record), logId, salt) === leaf) return null;
    return [
      'row_altered',
      `its row (${eventId}), leaf or salt was altered: ${listDifferences(leaf, record, logId, salt)}`,
    ];
  }
  const { at, type, outcome, member } = JSON.parse(leaf) as Record<string, unknown>;
  if (typeof member !== 'string' || !(await isErasureKnown(reader, workspaceId, member))) {
    return ['salt_missing', 'its salt was removed, and no erasure is recorded'];
  }
  const word = (text: string, clear: unknown): boolean => clear === '-' || clear === text;
  if (
    record.at === at &&
    word(record.type, type) &&
    word(record.outcome, outcome) &&
    record.actor === 'erased'
  )
    return null;
  return ['row_altered', `its row (${eventId}) was altered after it was erased`];
}

function listDifferences(
  leaf: string,
  record: Parameters<typeof writeLeaf>[0],
  logId: string,
  salt: string,
): string {
  const [stored, made] = [leaf, writeLeaf(record, canonicalValues(record), logId, salt)].map(
    (text) => JSON.parse(text) as Record<string, unknown> & { fields: Record<string, string> },
  );
  const one = { ...stored, ...stored?.fields, fields: null } as Record<string, unknown>;
  const two = { ...made, ...made?.fields, fields: null } as Record<string, unknown>;
  return [...new Set([...Object.keys(one), ...Object.keys(two)])]
    .filter((key) => one[key] !== two[key])
    .join(', ');
}

/** Complete blocks against their stored roots. */
async function compareNodes(
  reader: Reader,
  { workspaceId }: CheckedLog,
  leaves: readonly StoredLeaf[],
  [from, to]: readonly [number, number],
): Promise<Finding[]> {
  const rows = await reader.execute<{ index: string; hash: Buffer }>(sql`
    select index::text as index, hash from agentdesk.audit_nodes
    where workspace_id = ${workspaceId} and level = 8 and index >= ${from / BLOCK} and index < ${Math.floor(to / BLOCK)}`);
  const stored = new Map(rows.map((row) => [Number(row.index), row.hash]));
  const findings: Finding[] = [];
  for (let block = from / BLOCK; (block + 1) * BLOCK <= to; block += 1) {
    const [first, end] = [block * BLOCK, (block + 1) * BLOCK];
    const inside = leaves.filter(({ index }) => index >= first && index < end);
    if (inside.length === BLOCK && stored.get(block)?.equals(rootOf(inside)) === true) continue;
    findings.push({
      kind: 'leaf_altered',
      key: `leaf_altered/${first}`,
      text: `Leaves ${first} to ${end - 1} of the audit log are not those the tree was made of: one was altered or removed.`,
    });
  }
  return findings;
}

function rootOf(leaves: readonly StoredLeaf[]): Hash {
  const tree = growTree(EMPTY_EDGE);
  for (const { leaf } of leaves) tree.add(hashLeaf(leaf));
  return tree.root();
}

/** Rows that have no leaf and wait for none: put in with the triggers off, or taken out of the queue. */
async function findUnsealed(
  reader: Reader,
  { workspaceId, size }: CheckedLog,
  from: number,
  to: number,
): Promise<Finding[]> {
  const rows = await reader.execute<{ id: string }>(sql`
    select e.id::text as id from agentdesk.audit_events e
    left join agentdesk.audit_leaves l on l.event_id = e.id
    left join agentdesk.audit_unsealed u on u.event_id = e.id
    where e.workspace_id = ${workspaceId} and l.event_id is null and u.event_id is null
      and e.id > coalesce((select event_id from agentdesk.audit_leaves
        where workspace_id = ${workspaceId} and index = ${from - 1}), 0)
      and (${to >= size} or e.id <= (select event_id from agentdesk.audit_leaves
        where workspace_id = ${workspaceId} and index = ${to - 1}))
    order by e.id limit 100`);
  return rows.map(({ id }) => ({
    kind: 'row_unsealed',
    key: `row_unsealed/${id}`,
    text: `Event row ${id} has no place in the log and waits for none: it was put in past the application, or kept from being sealed.`,
  }));
}

function describe(kind: Finding['kind'], index: number, what: string): Finding {
  return { kind, key: `${kind}/${index}`, text: `Event ${index} of the audit log: ${what}.` };
}
