import { checkLog } from '../../audit/check/check.ts';
import { listLogs, sealAll } from '../../audit/log/seal.ts';
import { USAGE, type AuditSession } from './session.ts';
import { readOptions, UsageError } from './options.ts';

/** `agentdesk audit check`: compares the whole stored log with itself and looks for orphans. @returns 1 for findings */
export async function runCheck({ database, signer, args }: AuditSession): Promise<number> {
  const { values, rest } = readOptions(args, ['workspace']);
  if (rest.length > 0) throw new UsageError(USAGE);
  const logs = (await listLogs(database)).filter(
    (log) => values.workspace === undefined || log.workspaceId === values.workspace,
  );
  let total = 0;
  for (const { workspaceId, logId } of logs) {
    await sealAll(database, signer, workspaceId);
    const findings = await checkLog(database, workspaceId);
    total += findings.length;
    process.stdout.write(`log ${logId} of workspace ${workspaceId}: ${findings.length} findings\n`);
    for (const { text } of findings) process.stdout.write(`  ! ${text}\n`);
  }
  return total > 0 ? 1 : 0;
}
