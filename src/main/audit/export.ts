import { join } from 'node:path';
import { exportLog } from '../../audit/export/export.ts';
import { fingerprint } from '../../audit/log/note.ts';
import { listLogs } from '../../audit/log/seal.ts';
import { USAGE, type AuditSession } from './session.ts';
import { readOptions, readTime, UsageError } from './options.ts';

/** `agentdesk audit export`: one log into the directory, several into a directory each. */
export async function runExport({ database, signer, args }: AuditSession): Promise<number> {
  const { values, rest } = readOptions(args, ['out', 'workspace', 'from', 'to', 'member']);
  const { out, workspace } = values;
  if (out === undefined || rest.length > 0) throw new UsageError(USAGE);
  const filter = {
    from: readTime('from', values.from),
    to: readTime('to', values.to),
    memberId: values.member ?? null,
  };
  const logs = await listLogs(database);
  const chosen = workspace === undefined ? logs : logs.filter((log) => log.workspaceId === workspace);
  if (chosen.length === 0) {
    process.stderr.write('There is nothing to export: the log is empty.\n');
    return 1;
  }
  if (filter.memberId !== null && chosen.length > 1) throw new UsageError('--member needs --workspace');
  for (const { workspaceId, logId } of chosen) {
    const dir = chosen.length === 1 ? out : join(out, logId);
    const manifest = await exportLog(database, signer, {
      workspaceId,
      dir,
      filter,
      now: () => new Date(),
      onProgress: showProgress(),
    });
    process.stdout.write(`${dir}: ${manifest.events} events, ${manifest.size} leaves, ${manifest.origin}\n`);
  }
  process.stdout.write(
    `Key: ${fingerprint(signer.raw)}\nGive the auditor this fingerprint by another way than the files.\n`,
  );
  return 0;
}

/** A bar where somebody looks, a line now and then where nobody does. */
function showProgress(): (done: number, size: number) => void {
  const started = performance.now();
  let shown = 0;
  return (done, size) => {
    const share = done / size;
    const perSecond = Math.round(done / ((performance.now() - started) / 1000));
    if (process.stderr.isTTY) {
      const bar = '#'.repeat(Math.floor(share * 30)).padEnd(30, '.');
      process.stderr.write(
        `\r[${bar}] ${done} of ${size} events, ${perSecond}/s${done === size ? '\n' : ''}`,
      );
    } else if (done === size || share - shown >= 0.1) {
      shown = share;
      process.stderr.write(`${done} of ${size} events, ${perSecond}/s\n`);
    }
  };
}
