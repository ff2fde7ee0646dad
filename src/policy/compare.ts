import type { Outcome } from './types.ts';

const STRICTNESS: Readonly<Record<Outcome, number>> = { allow: 0, approve: 1, approve_strong: 2, deny: 3 };

/** Whether `a` asks more than `b`. Equal outcomes are not stricter than each other. */
export function isStricter(a: Outcome, b: Outcome): boolean {
  return STRICTNESS[a] > STRICTNESS[b];
}

/** The outcome that asks most. At least one is required, so that "nothing evaluated" never means "allow". */
export function strictest(first: Outcome, ...rest: readonly Outcome[]): Outcome {
  return rest.reduce((most, next) => (isStricter(next, most) ? next : most), first);
}
