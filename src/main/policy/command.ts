import { catalog as actions } from '../../actions/catalog.ts';
import { createDatabase, type Database } from '../../db/client.ts';
import { createJobs } from '../../db/jobs.ts';
import type { Keyring } from '../../db/seal.ts';
import { openDatabase } from '../database.ts';
import type { Invocation } from '../invocation.ts';
import { openKeyring, prepareDataDir } from '../keys.ts';
import { applyFile } from './apply.ts';
import { POLICY_USAGE, readPolicyArguments } from './arguments.ts';
import { exportPolicy } from './export.ts';
import { replayFile, replayPast } from './replay.ts';
import type { PolicyTools } from './tools.ts';

/** `agentdesk policy …`: the policy as code. @returns 0 done, 1 not usable or different, 2 the command line is wrong */
export async function runPolicy(invocation: Invocation): Promise<number> {
  const args = readPolicyArguments(invocation.args);
  if (typeof args === 'string') {
    process.stderr.write(`${args}.\n\n${POLICY_USAGE}\n`);
    return 2;
  }
  const catalog = actions.map(({ id, service, risk }) => ({ id, service, risk }));
  const write = (text: string): void => {
    process.stdout.write(`${text}\n`);
  };
  const { file } = args;
  return withDatabase(invocation, async (database, keyring, openJobs) => {
    const tools: PolicyTools = { database, catalog, keyring, openJobs, write };
    if (args.task === 'export') return exportPolicy(tools, args);
    if (args.task === 'apply' && file !== null) return applyFile(tools, args, file);
    return file === null ? replayPast(tools, args) : replayFile(tools, args, file);
  });
}

async function withDatabase(
  { config, secrets, log }: Invocation,
  work: (database: Database, keyring: Keyring, openJobs: PolicyTools['openJobs']) => Promise<number>,
): Promise<number> {
  prepareDataDir(config.dataDir);
  const keyring = openKeyring(secrets.encryptionKeys, config.dataDir, log);
  const opened = await openDatabase(config, secrets, keyring, log);
  const database = createDatabase(opened.desk, 3);
  try {
    return await work(database, keyring, () =>
      createJobs(opened.desk, (error) => {
        log.warn({ err: error }, 'database connection trouble');
      }),
    );
  } finally {
    await database.close();
    await opened.stop();
  }
}
