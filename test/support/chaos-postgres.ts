import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareBinaries } from '../../src/db/embedded/binaries.ts';
import { chooseLayout } from '../../src/db/embedded/layout.ts';
import { locatePlatformPackage } from '../../src/db/embedded/platform.ts';
import { runProgram } from '../../src/db/embedded/run-program.ts';
import { startEmbeddedPostgres } from '../../src/db/embedded/start.ts';

export interface ChaosPostgres {
  readonly url: string;
  /** Stopped without goodbye to anybody, as by a power cut, and started again at the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A cluster of the harness's own, in a directory that is removed at the end. */
export async function startChaosPostgres(): Promise<ChaosPostgres> {
  const dataDir = realpathSync(mkdtempSync(join(tmpdir(), 'agentdesk-chaos-')));
  const server = await startEmbeddedPostgres({ dataDir, durable: false, log: () => undefined });
  const layout = await chooseLayout(dataDir, '/var/lib/agentdesk');
  const binaries = await prepareBinaries(
    locatePlatformPackage(),
    layout.base,
    layout.account,
    () => undefined,
  );
  return {
    url: server.url,
    async restart() {
      // pg_ctl keeps the settings of the start, the port among them, in postmaster.opts.
      const args = ['restart', '-m', 'immediate', '-w', '-D', layout.cluster, '-l', layout.logFile];
      const { code, output } = await runProgram(binaries.pgCtl, args, layout.account);
      if (code !== 0) throw new Error(`PostgreSQL did not come back: ${output}`);
    },
    async stop() {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
      if (layout.relocated) rmSync(layout.base, { recursive: true, force: true });
    },
  };
}
