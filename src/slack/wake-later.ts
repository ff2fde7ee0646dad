import type { CallDeps } from '../calls/deps.ts';

/**
 * Wakes a worker again after a while. The delayed job is what counts; a queue that is told of jobs looks for delayed
 * ones seldom, so a timer of this process wakes it in time as long as the process lives.
 */
export async function wakeLater(
  deps: Pick<CallDeps, 'jobs' | 'log'>,
  queue: 'conversation' | 'deliver',
  key: string,
  seconds: number,
): Promise<void> {
  await deps.jobs.wakeNow(queue, key, Math.ceil(seconds));
  const wake = async (): Promise<void> => {
    try {
      await deps.jobs.wakeNow(queue, key);
    } catch (error) {
      // The process is stopping; the delayed job is another's now.
      deps.log.debug({ err: error, queue }, 'a wake-up came too late');
    }
  };
  setTimeout(() => void wake(), seconds * 1000 + 20).unref();
}
