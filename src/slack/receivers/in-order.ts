import { setTimeout as sleep } from 'node:timers/promises';

/** What was sent together may arrive so far out of order: two sockets are read one after the other. */
const WINDOW_MS = 25;

interface Waiting {
  readonly at: number;
  readonly work: () => Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Does what belongs together one after the other, the oldest first. The first of a burst waits a moment for others
 * that may have overtaken it.
 * @returns takes the key of what belongs together, when it was sent, and the work
 */
export function createSequencer(): (key: string, at: number, work: () => Promise<void>) => Promise<void> {
  const queues = new Map<string, Waiting[]>();
  const drain = async (key: string, queue: Waiting[]): Promise<void> => {
    await sleep(WINDOW_MS);
    for (;;) {
      queue.sort((a, b) => a.at - b.at);
      const next = queue.shift();
      if (next === undefined) break;
      await next.work().then(next.resolve, next.reject);
    }
    queues.delete(key);
  };
  return (key, at, work) =>
    new Promise((resolve, reject) => {
      const waiting = { at, work, resolve, reject };
      const queue = queues.get(key);
      if (queue !== undefined) {
        queue.push(waiting);
        return;
      }
      const fresh = [waiting];
      queues.set(key, fresh);
      void drain(key, fresh);
    });
}
