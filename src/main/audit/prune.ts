import { join } from 'node:path';
import { exportLog } from '../../audit/export/export.ts';
import { fingerprint } from '../../audit/log/note.ts';
import { listLogs, sealAll } from '../../audit/log/seal.ts';
import { isStreamed, listOldMonths, pruneMonth, type Month } from '../../audit/months.ts';
import { verifyExport } from '../../audit/verify/verify.ts';
import { createDatabase } from '../../db/client.ts';
import { USAGE, type AuditSession } from './session.ts';
import { readOptions, UsageError } from './options.ts';

/**
 * `agentdesk audit prune`: exports every log that has old months, verifies what it wrote, then drops these months one by
 * one, the oldest first. As the owner of the database.
 * @returns 1 when something could not be dropped
 */
export async function runPrune(session: AuditSession): Promise<number> {
  const { ownerUrl, config, sinks, args } = session;
  const { values, rest } = readOptions(args, ['out', 'months']);
  const months = Number(values.months ?? config.retentionMonths);
  if (values.out === undefined || rest.length > 0) throw new UsageError(USAGE);
  if (!Number.isInteger(months) || months < 1) {
    throw new UsageError('Say how much is kept: --months N, or AGENTDESK_AUDIT_RETENTION_MONTHS');
  }
  const now = new Date();
  const cutoff = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1));
  const owner = createDatabase({ url: ownerUrl, role: null }, 1);
  try {
    const old = await listOldMonths(owner, cutoff);
    if (old.length === 0) {
      process.stdout.write(`Nothing to drop: no month of the log ended before ${cutoff.toISOString()}.\n`);
      return 0;
    }
    if (!(await exportAll(session, old, values.out))) return 1;
    for (const month of old) {
      if (!(await isStreamed(owner, month, sinks))) {
        process.stderr.write(`${month.part} is kept: not all of it was streamed yet.\n`);
        return 1;
      }
      const dropped = await owner.transaction((tx) => pruneMonth(tx, month.part, cutoff));
      const events = dropped.reduce((sum, { pruned }) => sum + pruned, 0);
      process.stdout.write(
        `${month.part}: dropped ${events} events of ${dropped.length} logs. Their leaves stay.\n`,
      );
    }
    for (const workspaceId of namesOf(old)) await sealAll(session.database, session.signer, workspaceId);
    return 0;
  } finally {
    await owner.close();
  }
}

function namesOf(months: readonly Month[]): string[] {
  return [...new Set(months.flatMap(({ logs }) => logs.map(({ workspaceId }) => workspaceId)))];
}

/** Whole logs, each into a directory of its own. @returns whether each one is authentic as it was written */
async function exportAll(
  { database, signer }: AuditSession,
  months: readonly Month[],
  out: string,
): Promise<boolean> {
  const ids = new Map((await listLogs(database)).map((log) => [log.workspaceId, log.logId]));
  for (const workspaceId of namesOf(months)) {
    const dir = join(out, ids.get(workspaceId) ?? workspaceId);
    const filter = { from: null, to: null, memberId: null };
    const request = { workspaceId, dir, filter, now: () => new Date(), onProgress: () => undefined };
    const { events } = await exportLog(database, signer, request);
    const { verdict, problems } = await verifyExport({ dir, key: fingerprint(signer.raw), checkpoint: null });
    if (verdict !== 'authentic') {
      process.stderr.write(`Nothing was dropped: the export in ${dir} is ${verdict}: ${problems[0] ?? ''}\n`);
      return false;
    }
    process.stdout.write(`${dir}: ${events} events, verified\n`);
  }
  return true;
}
