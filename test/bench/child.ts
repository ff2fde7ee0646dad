import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Child {
  readonly process: ChildProcess;
  /** Milliseconds from the start of the process to when it was ready. */
  readonly readyMs: number;
  /** Resident memory now, and the most it ever was, in MB. Linux only; NaN elsewhere. */
  memory(): { now: number; most: number };
  output(): string;
  stop(): Promise<void>;
}

const GIVE_UP_MS = 120_000;

/**
 * Starts a process and waits until it is ready, looking every few milliseconds.
 * @param isReady given what it wrote so far
 */
export async function startChild(
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
  isReady: (output: string) => Promise<boolean> | boolean,
): Promise<Child> {
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const keep = (chunk: Buffer): void => {
    text = (text + chunk.toString()).slice(-20_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  while (!(await isReady(text))) {
    const late = performance.now() - started > GIVE_UP_MS;
    if (late) child.kill('SIGKILL');
    if (late || child.exitCode !== null) throw new Error(`it does not get ready:\n${text}`);
    await sleep(15);
  }
  return {
    process: child,
    readyMs: performance.now() - started,
    memory: () => readMemory(child.pid ?? 0),
    output: () => text,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** proc(5): VmRSS and VmHWM, in kB. */
function readMemory(pid: number): { now: number; most: number } {
  if (process.platform !== 'linux') return { now: Number.NaN, most: Number.NaN };
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1024;
  return { now: read('VmRSS'), most: read('VmHWM') };
}
