import { randomBytes } from 'node:crypto';
import type { Database, Transaction } from '../../db/client.ts';
import { sql } from '../../db/drizzle.ts';
import { canonicalValues } from '../event.ts';
import { recordFinding } from '../check/findings.ts';
import { writeLeaf } from '../leaf.ts';
import { RECORD_COLUMNS, RECORD_JOIN, toRecord, type EventRow } from '../rows.ts';
import { addCheckpoint } from './checkpoints.ts';
import type { LogSigner } from './keys.ts';
import { growTree, hashLeaf, packEdge, unpackEdge, type Hash } from './merkle.ts';
import type { Log } from './open-log.ts';
import { STORED_LEVELS } from './stored-tree.ts';

/** Events sealed by one transaction. */
const BATCH = 2_000;

/** Workspaces that have something to seal, or leaves no checkpoint covers yet. */
export async function listOpenLogs(database: Database): Promise<string[]> {
  const rows = await database.sql<{ workspace_id: string }[]>`
    select distinct workspace_id from agentdesk.audit_unsealed
    union
    select l.workspace_id from agentdesk.audit_logs l where l.size > coalesce(
      (select max(c.size) from agentdesk.audit_checkpoints c where c.workspace_id = l.workspace_id), 0)`;
  return rows.map((row) => row.workspace_id);
}

/**
 * Gives the next events without a leaf theirs, and signs a checkpoint when one is due; all of it or nothing, in one
 * transaction. One process at a time seals a log; another that comes meanwhile does nothing.
 * @param options.checkpoint `always` signs whatever is not covered yet, `due` when enough events or time have passed
 * @returns how many events were sealed; less than a full batch means that no more were waiting
 */
export async function sealLog(
  database: Database,
  signer: LogSigner,
  workspaceId: string,
  options: { checkpoint: 'due' | 'always' },
): Promise<{ sealed: number; more: boolean }> {
  return database.within(workspaceId, async (tx) => {
    const log = await lockLog(tx, workspaceId);
    if (log === null) return { sealed: 0, more: false };
    const taken = await takeUnsealed(tx, workspaceId);
    const grown = await addLeaves(tx, log, taken);
    const more = taken.length === BATCH;
    if (!more || options.checkpoint === 'due') await addCheckpoint(tx, signer, grown, options.checkpoint);
    return { sealed: taken.length, more };
  });
}

/** Seals all that waits, and has a checkpoint cover it. */
export async function sealAll(database: Database, signer: LogSigner, workspaceId: string): Promise<number> {
  let total = 0;
  for (let more = true; more;) {
    const batch = await sealLog(database, signer, workspaceId, { checkpoint: 'always' });
    total += batch.sealed;
    ({ more } = batch);
  }
  return total;
}

/** @returns null while another transaction seals this log */
async function lockLog(tx: Transaction, workspaceId: string): Promise<Log | null> {
  await tx.execute(sql`insert into agentdesk.audit_logs (workspace_id, edge)
    select ${workspaceId}, ''::bytea where not exists
      (select 1 from agentdesk.audit_logs where workspace_id = ${workspaceId})
    on conflict do nothing`);
  const [row] = await tx.execute<{ log_id: string; size: string; edge: Buffer }>(sql`
    select log_id::text as log_id, size::text as size, edge from agentdesk.audit_logs
    where workspace_id = ${workspaceId} for update skip locked`);
  if (row === undefined) return null;
  const edge = unpackEdge(Number(row.size), row.edge);
  if (edge === null) throw new Error(`the edge of log ${row.log_id} does not fit its size`);
  return { workspaceId, logId: row.log_id, edge };
}

/** The next waiting events, oldest first, whose members all have a pseudonym afterwards. */
async function takeUnsealed(
  tx: Transaction,
  workspaceId: string,
): Promise<{ eventId: string; row: EventRow | null }[]> {
  const waiting = await tx.execute<{ event_id: string }>(sql`
    select event_id::text as event_id from agentdesk.audit_unsealed
    where workspace_id = ${workspaceId} order by audit_unsealed.event_id limit ${BATCH}`);
  if (waiting.length === 0) return [];
  const ids = JSON.stringify(waiting.map((row) => row.event_id));
  const those = sql`select value::bigint from jsonb_array_elements_text(${ids}::jsonb)`;
  await tx.execute(sql`insert into agentdesk.audit_pseudonyms (workspace_id, member_id)
    select distinct workspace_id, member_id from agentdesk.audit_events
    where id in (${those}) and workspace_id = ${workspaceId} and member_id is not null
    on conflict do nothing`);
  const rows = await tx.execute<EventRow & Record<string, unknown>>(sql`
    select ${sql.raw(RECORD_COLUMNS)} from agentdesk.audit_events e ${sql.raw(RECORD_JOIN)}
    where e.id in (${those}) and e.workspace_id = ${workspaceId}`);
  await tx.execute(sql`delete from agentdesk.audit_unsealed where event_id in (${those})`);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return waiting.map(({ event_id: eventId }) => ({ eventId, row: byId.get(eventId) ?? null }));
}

async function addLeaves(
  tx: Transaction,
  log: Log,
  taken: readonly { eventId: string; row: EventRow | null }[],
): Promise<Log> {
  const nodes: { level: number; index: number; hash: string }[] = [];
  const tree = growTree(log.edge, (level, index, hash: Hash) => {
    if (level % STORED_LEVELS === 0) nodes.push({ level, index, hash: hash.toString('hex') });
  });
  let index = log.edge.size;
  const leaves: { index: number; event_id: string; leaf: string; salt: string }[] = [];
  for (const { eventId, row } of taken) {
    if (row === null) {
      await recordFinding(tx, log.workspaceId, {
        kind: 'gone_before_sealing',
        key: `gone_before_sealing/${eventId}`,
        text: `Event row ${eventId} was recorded and is gone, before it got its place in the log. The application cannot do that.`,
      });
      continue;
    }
    const record = toRecord(row, index);
    const salt = randomBytes(16).toString('hex');
    const leaf = writeLeaf(record, canonicalValues(record), log.logId, salt);
    leaves.push({ index, event_id: eventId, leaf, salt });
    tree.add(hashLeaf(leaf));
    index += 1;
  }
  const edge = tree.edge();
  if (leaves.length > 0) {
    const rows = JSON.stringify(leaves);
    await tx.execute(sql`insert into agentdesk.audit_leaves (workspace_id, index, event_id, leaf)
      select ${log.workspaceId}, r.index, r.event_id, r.leaf
      from jsonb_to_recordset(${rows}::jsonb) as r(index bigint, event_id bigint, leaf text)`);
    await tx.execute(sql`insert into agentdesk.audit_salts (event_id, salt)
      select r.event_id, decode(r.salt, 'hex') from jsonb_to_recordset(${rows}::jsonb) as r(event_id bigint, salt text)`);
    await tx.execute(sql`insert into agentdesk.audit_nodes (workspace_id, level, index, hash)
      select ${log.workspaceId}, r.level, r.index, decode(r.hash, 'hex')
      from jsonb_to_recordset(${JSON.stringify(nodes)}::jsonb) as r(level int, index bigint, hash text)`);
    await tx.execute(sql`update agentdesk.audit_logs set size = ${edge.size}, edge = ${packEdge(edge)}
      where workspace_id = ${log.workspaceId}`);
  }
  return { ...log, edge };
}

/** Workspaces that have a log, or will have one as soon as it is sealed. */
export async function listLogs(database: Database): Promise<{ workspaceId: string; logId: string }[]> {
  await database.sql`insert into agentdesk.audit_logs (workspace_id, edge)
    select distinct workspace_id, ''::bytea from agentdesk.audit_unsealed on conflict do nothing`;
  const rows = await database.sql<{ workspace_id: string; log_id: string }[]>`
    select workspace_id, log_id::text as log_id from agentdesk.audit_logs order by created_at, workspace_id`;
  return rows.map((row) => ({ workspaceId: row.workspace_id, logId: row.log_id }));
}
