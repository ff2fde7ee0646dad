import { loadLogSigner } from '../../audit/log/keys.ts';
import { createDatabase } from '../../db/client.ts';
import { openDatabase } from '../database.ts';
import type { Invocation } from '../invocation.ts';
import { openKeyring, prepareDataDir } from '../keys.ts';
import { runCheck } from './check.ts';
import { runErase } from './erase.ts';
import { runExport } from './export.ts';
import { runHold } from './hold.ts';
import { runPrune } from './prune.ts';
import { USAGE, type AuditSession } from './session.ts';
import { openSinks } from './sinks.ts';

const SUBCOMMANDS: Readonly<Record<string, (session: AuditSession) => Promise<number>>> = {
  export: runExport,
  check: runCheck,
  erase: runErase,
  prune: runPrune,
  hold: runHold,
};

/** `agentdesk audit export|check|erase|prune|hold`; `verify` needs none of this and is elsewhere. */
export async function runAudit({
  config,
  secrets,
  log,
  args: [name = '', ...args],
}: Invocation): Promise<number> {
  const subcommand = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
  if (subcommand === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  prepareDataDir(config.dataDir);
  const keyring = openKeyring(secrets.encryptionKeys, config.dataDir, log);
  const opened = await openDatabase(config, secrets, keyring, log);
  const database = createDatabase(opened.desk, 2);
  try {
    const signer = await loadLogSigner(database, keyring);
    return await subcommand({
      database,
      signer,
      ownerUrl: opened.ownerUrl,
      config: config.audit,
      sinks: openSinks(config.audit, secrets.auditWebhook).map(({ name }) => name),
      args,
    });
  } finally {
    await database.close();
    await opened.stop();
  }
}
