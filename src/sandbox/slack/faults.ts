/** How the next calls of a method are to fail. */
export interface Fault {
  readonly status?: number;
  readonly error?: string;
  /** Seconds, sent as Retry-After; alone it means status 429. */
  readonly retryAfter?: number;
  /** The call is carried out, its answer never sent. */
  readonly dropAnswer?: boolean;
}

export interface PlannedFaults {
  add(method: string, fault: Fault, times: number): void;
  /** Takes the next planned fault of a method. */
  take(method: string): Fault | null;
}

/** Faults planned by tests, one queue per method, used up in order. */
export function createFaults(): PlannedFaults {
  const planned = new Map<string, { fault: Fault; left: number }[]>();
  return {
    add: (method, fault, times) => {
      planned.set(method, [...(planned.get(method) ?? []), { fault, left: times }]);
    },
    take: (method) => {
      const queue = planned.get(method) ?? [];
      const next = queue[0];
      if (next === undefined) return null;
      if (--next.left <= 0) queue.shift();
      return next.fault;
    },
  };
}
