import { createOnDecided } from './on-decided.ts';
import { resume, stop } from '../calls/stop.ts';
import type { StopDeps } from '../calls/void-open.ts';
import { createDatabase } from '../db/client.ts';
import { createJobs } from '../db/jobs.ts';
import type { Invocation } from './invocation.ts';
import { openDatabase } from './database.ts';
import { openKeyring, prepareDataDir } from './keys.ts';

const EVERYTHING = { workspaceId: null, memberId: null };

/** `agentdesk stop --all`: works without Slack, beside running processes. When it returns, no new claim can commit. */
export function runStop(invocation: Invocation): Promise<number> {
  return withDesk(invocation, 'stop', async (deps) => {
    const started = performance.now();
    const open = await stop(deps, EVERYTHING, 'operator');
    process.stdout.write(
      `Stopped in ${Math.round(performance.now() - started)} ms. Nothing new runs; pending approvals are void.\n`,
    );
    for (const call of open)
      process.stdout.write(`May still happen: ${call.code} ${call.action} for ${call.memberId}\n`);
    process.stdout.write('Lift it with: agentdesk resume --all\n');
  });
}

export function runResume(invocation: Invocation): Promise<number> {
  return withDesk(invocation, 'resume', async (deps) => {
    await resume(deps, EVERYTHING, 'operator');
    process.stdout.write('Resumed. What was void stays void.\n');
  });
}

async function withDesk(
  { config, secrets, log, args }: Invocation,
  name: string,
  work: (deps: StopDeps) => Promise<void>,
): Promise<number> {
  if (!args.includes('--all')) {
    process.stderr.write(`Say what: agentdesk ${name} --all\n`);
    return 2;
  }
  prepareDataDir(config.dataDir);
  const opened = await openDatabase(
    config,
    secrets,
    openKeyring(secrets.encryptionKeys, config.dataDir, log),
    log,
  );
  const database = createDatabase(opened.desk, 2);
  const jobs = await createJobs(opened.desk, (error) => {
    log.warn({ err: error }, 'database connection trouble');
  });
  try {
    await work({
      database,
      jobs,
      approvals: { onDecided: createOnDecided(jobs) },
    });
    return 0;
  } finally {
    await jobs.stop();
    await database.close();
    await opened.stop();
  }
}
