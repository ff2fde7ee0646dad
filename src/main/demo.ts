import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config, Secrets } from '../config-types.ts';
import { createLog } from '../telemetry.ts';
import { openGround } from './ground.ts';
import type { Invocation } from './invocation.ts';
import { playStory } from './demo/story.ts';
import { createTranscript } from './demo/transcript.ts';
import { startProgram } from './start.ts';

/** `agentdesk demo [--keep]`: the whole job on embedded defaults, in a directory of its own that is removed again or kept. */
export async function runDemo({ config, secrets, args }: Invocation): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), 'agentdesk-demo-'));
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => lines.push(line) });
  const told = createTranscript((line) => process.stdout.write(`${line}\n`));
  process.stdout.write(
    'AgentDesk plays its story on real parts: PostgreSQL, the authority, Bolt over Socket Mode, LangGraph.\n',
  );
  const started = performance.now();
  try {
    const played: Config = {
      ...config,
      slack: null,
      providers: { google: null, github: null, githubSite: null },
      model: null,
      embeddedDatabase: true,
      authorityUrl: null,
      dataDir,
      http: { host: '127.0.0.1', port: 0, publicUrl: 'http://127.0.0.1:0' },
    };
    const own: Secrets = { ...secrets, databaseUrl: null, databaseOwnerUrl: null, encryptionKeys: [] };
    const program = await startProgram(played, own, log, await openGround(played, own, log));
    try {
      await playStory(program.url, told);
    } finally {
      await program.stop();
    }
  } finally {
    if (args.includes('--keep'))
      process.stdout.write(
        `\nIts data is in ${dataDir}; try AGENTDESK_DATA_DIR=${dataDir} agentdesk policy replay\n`,
      );
    else rmSync(dataDir, { recursive: true, force: true });
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`\n${told.passed()} steps as told, ${told.failed()} not, in ${seconds} s.\n`);
  if (told.failed() === 0) return 0;
  const file = join(tmpdir(), 'agentdesk-demo.log');
  writeFileSync(file, lines.join(''), { mode: 0o600 });
  process.stdout.write(`The program's log is in ${file}\n`);
  return 1;
}
