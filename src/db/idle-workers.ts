/** Which workers of each queue have nothing to do. One notification wakes one of them instead of all. */
export interface IdleWorkers {
  add(queue: string, worker: string): void;
  /** @returns what to call when the work is done */
  busy(queue: string, worker: string): () => void;
  /** Wakes an idle worker of the queue, each in its turn; none when all have something to do. */
  wakeOne(queue: string): void;
}

/** @param wake has a worker look for a job now */
export function createIdleWorkers(wake: (worker: string) => void): IdleWorkers {
  const idle = new Map<string, Set<string>>();
  const of = (queue: string): Set<string> => {
    const known = idle.get(queue) ?? new Set<string>();
    idle.set(queue, known);
    return known;
  };
  return {
    add: (queue, worker) => void of(queue).add(worker),
    busy(queue, worker) {
      of(queue).delete(worker);
      return () => void of(queue).add(worker);
    },
    wakeOne(queue) {
      const workers = of(queue);
      const [next] = workers;
      if (next === undefined) return;
      // Behind the others, so that several notifications in a row wake several workers.
      workers.delete(next);
      workers.add(next);
      wake(next);
    },
  };
}
