import type { Database, Transaction } from '../../db/client.ts';
import { asc, desc, eq, sql } from '../../db/drizzle.ts';
import { auditCheckpoints } from '../../db/schema/audit-log.ts';
import { recordFinding } from '../check/findings.ts';
import { originOf, type LogSigner } from './keys.ts';
import { rootOf } from './merkle.ts';
import { readCheckpoint, signNote, writeCheckpoint } from './note.ts';
import { verifyConsistency } from './proofs.ts';
import type { Log } from './open-log.ts';
import { proveConsistency } from './stored-tree.ts';

/** A checkpoint is due after so many events, or so many seconds after the last while there are any. */
const EVERY_EVENTS = 1_000;
const EVERY_SECONDS = 60;

export type StoredCheckpoint = typeof auditCheckpoints.$inferSelect;

/** The checkpoint of the most leaves, or null before the first. */
export async function readNewest(
  reader: Pick<Transaction | Database['db'], 'select'>,
  workspaceId: string,
): Promise<StoredCheckpoint | null> {
  const [row] = await reader
    .select()
    .from(auditCheckpoints)
    .where(eq(auditCheckpoints.workspaceId, workspaceId))
    .orderBy(desc(auditCheckpoints.size))
    .limit(1);
  return row ?? null;
}

/** All of a log, smallest first. */
export function listCheckpoints(database: Database, workspaceId: string): Promise<StoredCheckpoint[]> {
  return database.db
    .select()
    .from(auditCheckpoints)
    .where(eq(auditCheckpoints.workspaceId, workspaceId))
    .orderBy(asc(auditCheckpoints.size));
}

/**
 * Signs the tree as it stands, if that is due, and if it begins with the tree that was signed last: the stored leaves
 * must prove it. Otherwise nothing is signed any more, and that is a finding.
 */
export async function addCheckpoint(
  tx: Transaction,
  signer: LogSigner,
  log: Log,
  when: 'due' | 'always',
): Promise<void> {
  const { workspaceId, edge } = log;
  const last = await readNewest(tx, workspaceId);
  if (edge.size === 0 || edge.size === last?.size) return;
  if (when === 'due' && last !== null && edge.size - last.size < EVERY_EVENTS && !(await isOld(tx, last)))
    return;
  const origin = originOf(log.logId);
  const root = rootOf(edge.hashes);
  const problem = last === null ? null : await findInconsistency(tx, log, last, root);
  if (problem !== null) {
    await recordFinding(tx, workspaceId, {
      kind: 'inconsistent',
      key: `inconsistent/${last?.size}`,
      text: `No checkpoint is signed any more: ${problem}. Somebody changed the stored log.`,
    });
    return;
  }
  const key = { name: origin, raw: signer.raw };
  const note = signNote(writeCheckpoint(origin, edge.size, root), key, signer.privateKey);
  await tx.insert(auditCheckpoints).values({ workspaceId, size: edge.size, kid: signer.kid, note });
}

async function isOld(tx: Transaction, last: StoredCheckpoint): Promise<boolean> {
  const [row] = await tx.execute<{ old: boolean }>(
    sql`select ${last.at.toISOString()}::timestamptz < now() - make_interval(secs => ${EVERY_SECONDS}) as old`,
  );
  return row?.old === true;
}

async function findInconsistency(
  tx: Transaction,
  { workspaceId, logId, edge }: Log,
  last: StoredCheckpoint,
  root: Buffer,
): Promise<string | null> {
  const signed = readCheckpoint(last.note);
  if (signed === null || signed.size !== last.size || signed.origin !== originOf(logId)) {
    return `the last checkpoint (${last.size} events) was altered`;
  }
  if (edge.size < signed.size) return `the log has ${edge.size} events, the last checkpoint ${signed.size}`;
  const proof = await proveConsistency(tx, workspaceId, signed.size, edge.size);
  if (proof === null) return `the tree lacks leaves or nodes of the ${signed.size} events that were signed`;
  return verifyConsistency(signed, { size: edge.size, root }, proof)
    ? null
    : `the log does not begin with what the last checkpoint covers (${signed.size} events)`;
}
