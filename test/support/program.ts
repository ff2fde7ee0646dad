import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface RunningProgram {
  readonly url: string;
  /** Everything it wrote. */
  output(): string;
  /** SIGTERM, and its exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL: nothing is said goodbye to. */
  kill(): Promise<void>;
}

/**
 * Starts the program as a user does, as a process of its own with only these variables, and waits until it is ready.
 * @param waitForReady false = do not wait for /readyz (a start that is meant to fail or to wait for something)
 */
export async function startAsProcess(
  variables: Readonly<Record<string, string>>,
  waitForReady = true,
  args: readonly string[] = ['start'],
): Promise<RunningProgram & { child: ChildProcess }> {
  const port = variables['PORT'] ?? String(await findFreePort());
  const child = spawn(process.execPath, ['src/main.ts', ...args], {
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', PORT: port, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const url = `http://127.0.0.1:${port}`;
  const ended = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return child.exitCode;
  };
  for (let tries = 0; waitForReady; tries += 1) {
    if (child.exitCode !== null) throw new Error(`the program ended at its start:\n${text}`);
    const ready = await fetch(`${url}/readyz`).then(
      (response) => response.status === 200,
      () => false,
    );
    if (ready) break;
    if (tries > 300) throw new Error(`the program does not get ready:\n${text}`);
    await sleep(100);
  }
  return {
    child,
    url,
    output: () => text,
    async stop() {
      child.kill('SIGTERM');
      return ended();
    },
    async kill() {
      child.kill('SIGKILL');
      await ended();
    },
  };
}

export async function findFreePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
