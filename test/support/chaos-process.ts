import { setTimeout as sleep } from 'node:timers/promises';
import { startAsProcess } from './program.ts';

type Started = Awaited<ReturnType<typeof startAsProcess>>;

export interface Kept {
  /** SIGKILL, now; it comes back by itself after `downMs`. */
  kill(downMs: number): void;
  /** Resolves once it runs and is ready. */
  ready(): Promise<void>;
  /** Everything written since the last call. */
  read(): string;
  stop(): Promise<void>;
  /** Starts so far, and how often it ended without being killed. */
  readonly starts: number;
  readonly died: string[];
}

const READY_SECONDS = 60;

/**
 * A process that is started again whenever it ends, as a supervisor does. Ending by itself while it starts is
 * allowed (its database may be away); ending by itself once it was ready is not.
 * @param isReady asked again and again
 */
export function keepProcess(
  variables: Readonly<Record<string, string>>,
  args: readonly string[],
  isReady: () => Promise<boolean>,
): Kept {
  let running: Started | null = null;
  let text = '';
  let starts = 0;
  let wasReady = false;
  let stopping = false;
  let pauseMs = 0;
  let killed = false;
  const died: string[] = [];
  const live = async (): Promise<void> => {
    while (!stopping) {
      starts += 1;
      wasReady = false;
      killed = false;
      const started = await startAsProcess(variables, false, args);
      running = started;
      const code = await new Promise<number | null>((resolve) => started.child.once('exit', resolve));
      text += started.output();
      running = null;
      if (stopping) return;
      if (!killed && wasReady) died.push(`code ${code}: ${started.output().slice(-1500)}`);
      await sleep(killed ? pauseMs : 300);
    }
  };
  const living = live();
  return {
    get starts() {
      return starts;
    },
    died,
    kill(downMs) {
      if (running === null) return;
      killed = true;
      pauseMs = downMs;
      running.child.kill('SIGKILL');
    },
    async ready() {
      const deadline = Date.now() + READY_SECONDS * 1000;
      while (running === null || !(await isReady())) {
        if (Date.now() > deadline)
          throw new Error(`a process does not get ready:\n${running?.output() ?? text}`);
        await sleep(50);
      }
      wasReady = true;
    },
    read() {
      const all = text + (running?.output() ?? '');
      return all;
    },
    async stop() {
      stopping = true;
      running?.child.kill('SIGTERM');
      const timer = setTimeout(() => running?.child.kill('SIGKILL'), 15_000);
      await living;
      clearTimeout(timer);
    },
  };
}
