import type { QueueName } from './queues.ts';

export interface Later {
  /** Wakes the worker of `key` in so many seconds; nothing happens when this process has it woken by then anyway. */
  wake(queue: QueueName, key: string, seconds: number): Promise<void>;
  stop(): void;
}

/**
 * Wake-ups put off. The delayed job is what counts; a queue that is told of jobs looks for delayed ones seldom, so a
 * timer of this process wakes it in time as long as the process lives. Each wake-up that comes too early asks for
 * another one: without remembering those asked for, two would become four, and so on for as long as Slack is away.
 * @param send makes a job, to be done after so many seconds
 * @param onError told when the timer's own job could not be made; the delayed one remains
 */
export function createLater(
  send: (queue: QueueName, key: string, startAfter: number) => Promise<unknown>,
  onError: (error: Error) => void,
): Later {
  const timers = new Map<string, { dueAt: number; timer: NodeJS.Timeout }>();
  return {
    async wake(queue, key, seconds) {
      const name = `${queue}/${key}`;
      const dueAt = performance.now() + seconds * 1000 + 20;
      const known = timers.get(name);
      if (known !== undefined && known.dueAt <= dueAt) return;
      clearTimeout(known?.timer);
      const timer = setTimeout(() => {
        timers.delete(name);
        send(queue, key, 0).catch(onError);
      }, dueAt - performance.now());
      timer.unref();
      timers.set(name, { dueAt, timer });
      await send(queue, key, Math.ceil(seconds));
    },
    stop() {
      for (const { timer } of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
