import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../child.ts';
import { repeat, type Figure } from '../figure.ts';
import { median } from '../stats.ts';

/** What the first turn needs is loaded half a second after the start; memory is looked at when it is there. */
const LOADED_MS = 4_000;

/** From the start of the process to the first 200 of /readyz, and what it holds in memory once all is loaded. */
export const start: Figure = {
  name: 'start',
  async measure(stage, { quick }) {
    const dataDir = mkdtempSync(join(tmpdir(), 'agentdesk-bench-start-'));
    const given = { DATABASE_URL: await stage.databases.create('bench_start') };
    // An empty variable is one that is not set: its own database, in its data directory.
    const embedded = { DATABASE_URL: '', AGENTDESK_DATA_DIR: dataDir };
    const times: Record<'embedded' | 'given' | 'bare', Started[]> = { embedded: [], given: [], bare: [] };
    try {
      // Cold: the cluster and its tables are made.
      const cold = await startOnce(() => stage.startDesk(embedded));
      await startOnce(() => stage.startDesk(given));
      for (const _ of repeat(quick ? 1 : 5, 45)) {
        times.embedded.push(await startOnce(() => stage.startDesk(embedded)));
        times.given.push(await startOnce(() => stage.startDesk(given)));
        times.bare.push(await startOnce(() => stage.startBare()));
      }
      const seconds = (of: Started[]): number => median(of.map(({ ms }) => ms)) / 1000;
      const goal = (value: number) => ({ text: '< 2 s', met: value < 2 });
      const [warm, url, bare] = [seconds(times.embedded), seconds(times.given), seconds(times.bare)];
      return [
        { name: 'start → ready, first start ever', unit: 's', desk: cold.ms / 1000, bare: null },
        { name: 'start → ready, embedded PostgreSQL', unit: 's', desk: warm, bare, goal: goal(warm) },
        { name: 'start → ready, DATABASE_URL', unit: 's', desk: url, bare, goal: goal(url) },
        {
          name: 'memory when ready and loaded',
          unit: 'MB',
          desk: median(times.given.map(({ mb }) => mb)),
          bare: median(times.bare.map(({ mb }) => mb)),
        },
      ];
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

interface Started {
  readonly ms: number;
  readonly mb: number;
}

async function startOnce(open: () => Promise<Child>): Promise<Started> {
  const child = await open();
  await sleep(LOADED_MS);
  const started = { ms: child.readyMs, mb: child.memory().now };
  await child.stop();
  return started;
}
