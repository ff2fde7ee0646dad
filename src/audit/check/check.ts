import type { Database } from '../../db/client.ts';
import { sql } from '../../db/drizzle.ts';
import { recordFinding, type Finding } from './findings.ts';
import { findOrphans } from './orphans.ts';
import { findTampering } from './tampering.ts';

/** Leaves the running check compares at a time, and as many of the newest. */
const SLICE = 4_096;
/** Hours back that the running check looks for orphans. */
const HOURS = 24;

/** Compares a whole log and looks for orphans in all of it; keeps what it finds. @returns all findings, known ones too */
export async function checkLog(database: Database, workspaceId: string): Promise<Finding[]> {
  const findings = [
    ...(await findTampering(database, workspaceId)),
    ...(await findOrphans(database, workspaceId, null)),
  ];
  await keep(database, workspaceId, findings);
  return findings;
}

/**
 * The next part of the running check of a log: its newest leaves, a slice of the older ones that goes round and round,
 * and the orphans of the last day.
 * @returns what was not found before
 */
export async function checkSlice(
  database: Database,
  workspaceId: string,
  now: () => Date,
): Promise<Finding[]> {
  const [log] = await database.sql<{ size: string; checked_to: string }[]>`
    select size::text as size, checked_to::text as checked_to from agentdesk.audit_logs where workspace_id = ${workspaceId}`;
  if (log === undefined) return [];
  const [size, from] = [Number(log.size), Number(log.checked_to)];
  const newest = Math.max(0, size - SLICE);
  const findings = await findTampering(database, workspaceId, { from: newest, to: size });
  if (newest > 0) {
    const start = from >= newest ? 0 : from;
    findings.push(...(await findTampering(database, workspaceId, { from: start, to: start + SLICE })));
    await database.sql`update agentdesk.audit_logs set checked_to = ${start + SLICE} where workspace_id = ${workspaceId}`;
  }
  const since = new Date(now().getTime() - HOURS * 3_600_000);
  findings.push(...(await findOrphans(database, workspaceId, since)));
  return keep(database, workspaceId, findings);
}

async function keep(
  database: Database,
  workspaceId: string,
  findings: readonly Finding[],
): Promise<Finding[]> {
  const fresh: Finding[] = [];
  for (const finding of findings) {
    if (await database.within(workspaceId, (tx) => recordFinding(tx, workspaceId, finding)))
      fresh.push(finding);
  }
  return fresh;
}

/** The logs that the running check has to look at. */
export async function listCheckedLogs(database: Database): Promise<string[]> {
  const rows = await database.db.execute<{ workspace_id: string }>(
    sql`select workspace_id from agentdesk.audit_logs where size > 0 order by workspace_id`,
  );
  return rows.map((row) => row.workspace_id);
}
