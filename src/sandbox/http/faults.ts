export interface Fault {
  /** `path` is without the query. */
  readonly match: (method: string, path: string) => boolean;
  /** Status answered instead of doing anything; without `status` and `dropAnswer` it is 500. */
  readonly status?: number;
  /** Seconds, sent as Retry-After. */
  readonly retryAfter?: number;
  /** Do what was asked, then destroy the socket instead of answering. */
  readonly dropAnswer?: boolean;
  /** Body instead of the provider's usual one for the status: text, or a value sent as JSON. */
  readonly body?: unknown;
}

export interface Faults {
  /** The next `times` requests that match fail as told. Faults added first are used up first. */
  failNext(fault: Fault, times?: number): void;
  clear(): void;
}

export interface FaultQueue extends Faults {
  /** Uses up the first fault that matches, if any. */
  take(method: string, path: string): Fault | null;
}

export function createFaultQueue(): FaultQueue {
  let queue: { readonly fault: Fault; left: number }[] = [];
  return {
    failNext(fault, times = 1) {
      queue.push({ fault, left: times });
    },
    clear() {
      queue = [];
    },
    take(method, path) {
      const entry = queue.find(({ fault }) => fault.match(method, path));
      if (!entry) return null;
      entry.left -= 1;
      queue = queue.filter(({ left }) => left > 0);
      return entry.fault;
    },
  };
}
