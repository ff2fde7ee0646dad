import type { Violation } from './world.ts';

export interface Violations {
  record(method: string, error: string, detail: string): void;
  list(): Violation[];
}

const KEPT = 1000;

/** Keeps the latest thousand refused calls. */
export function createViolations(now: () => Date, onRecord: () => void): Violations {
  const list: Violation[] = [];
  return {
    list: () => [...list],
    record: (method, error, detail) => {
      list.push({ at: now().toISOString(), method, error, detail });
      if (list.length > KEPT) list.shift();
      onRecord();
    },
  };
}
