import { setTimeout as sleep } from 'node:timers/promises';

/** What was sent together may arrive so far out of order: two sockets are read one after the other. */
const WINDOW_MS = 25;

/** Where something stands among what belongs together. */
export interface Place {
  /** What belongs together has the same key. */
  readonly key: string;
  /** When it was sent; any unit, as long as it is the same for all. */
  readonly at: number;
  /** True for what everything else of its key comes after, so that it need not wait for anything. */
  readonly begins: boolean;
}

interface Waiting {
  readonly at: number;
  /** Until then it may turn out that something older was overtaken; on the clock of `performance`. */
  readonly due: number;
  readonly work: () => Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Does what belongs together one after the other, the oldest first. Each waits a moment for others that it may have
 * overtaken, unless it begins what the others go on with.
 */
export function createSequencer(): (place: Place, work: () => Promise<void>) => Promise<void> {
  const queues = new Map<string, Waiting[]>();
  const drain = async (key: string, queue: Waiting[]): Promise<void> => {
    for (;;) {
      queue.sort((a, b) => a.at - b.at);
      const [next] = queue;
      if (next === undefined) break;
      const left = next.due - performance.now();
      if (left > 0) {
        await sleep(left);
        // What came meanwhile may be older.
        continue;
      }
      queue.shift();
      await next.work().then(next.resolve, next.reject);
    }
    queues.delete(key);
  };
  return ({ key, at, begins }, work) =>
    new Promise((resolve, reject) => {
      const due = performance.now() + (begins ? 0 : WINDOW_MS);
      const waiting = { at, due, work, resolve, reject };
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
