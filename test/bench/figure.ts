import type { Stage } from './stage.ts';

/** One line of the table. */
export interface Row {
  readonly name: string;
  readonly unit: 'ms' | 'turns/s' | 'events/s' | 'MB' | 's';
  readonly desk: number;
  /** The bare baseline, measured in the same run; null when the line is compared with another line of the desk's. */
  readonly bare: number | null;
  /** The figure that matters, and what it is a ratio of. */
  readonly ratio?: { readonly value: number; readonly of: string };
  /** What the issue asks for; `met` compares the ratio, or the value where there is a limit. */
  readonly goal?: { readonly text: string; readonly met: boolean };
  readonly note?: string;
}

/** How much is measured: the whole in under ten minutes, or a look in about one. */
export interface Sizes {
  readonly quick: boolean;
  /** Rows of the large audit log. */
  readonly auditRows: number;
}

/** One thing that is measured. To add one, write a file in figures/ and name it in figures.ts. */
export interface Figure {
  readonly name: string;
  measure(stage: Stage, sizes: Sizes): Promise<Row[]>;
}

/**
 * Numbers from 0, at most `count` of them and only as long as the time lasts, at least three: a slow machine gets fewer
 * samples instead of a run without end.
 */
export function* repeat(count: number, seconds: number): Generator<number> {
  const end = performance.now() + seconds * 1000;
  for (let turn = 0; turn < count && (turn < 3 || performance.now() < end); turn += 1) yield turn;
}

/** The goal `value ≤ limit`. */
export function atMost(value: number, limit: number, unit: string): NonNullable<Row['goal']> {
  return { text: `≤ ${limit} ${unit}`, met: value <= limit };
}

export function atLeast(value: number, limit: number, unit: string): NonNullable<Row['goal']> {
  return { text: `≥ ${limit} ${unit}`, met: value >= limit };
}
