import type { Log } from '../telemetry.ts';

/** Runs `work` again and again, `everyMs` after it ended; while it finds something, at once. Failures are logged. */
export function startTicker(
  name: string,
  everyMs: number,
  log: Log,
  work: () => Promise<number>,
): { stop(): Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const tick = async (): Promise<void> => {
    let found = 0;
    try {
      found = await work();
    } catch (error) {
      log.warn({ err: error, ticker: name }, 'a periodic task failed; it is tried again');
    }
    if (stopped) return;
    timer = setTimeout(start, found > 0 ? 10 : everyMs);
  };
  const start = (): void => {
    running = tick();
  };
  start();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
