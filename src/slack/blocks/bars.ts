import type { Counted, DayCount } from '../../audit/read/insights.ts';
import { oneLine } from './text.ts';

const WIDTH = 12;

/** Counts as lines with bars of text, largest first: "▇▇▇▇▇▇ 12 (60 %)  Gmail". */
export function writeBars(counts: readonly Counted[], nameOf: (name: string) => string): string {
  const sum = counts.reduce((total, { count }) => total + count, 0);
  const most = Math.max(1, ...counts.map(({ count }) => count));
  return counts
    .map(({ name, count }) => {
      const bar = '▇'.repeat(Math.max(1, Math.round((count / most) * WIDTH)));
      return `${bar} ${count} (${Math.round((count / Math.max(1, sum)) * 100)} %)  ${oneLine(nameOf(name), 160)}`;
    })
    .join('\n');
}

/** Counts by day added up by name, largest first. */
export function addUp(counts: readonly DayCount[]): Counted[] {
  const sums = new Map<string, number>();
  for (const { name, count } of counts) sums.set(name, (sums.get(name) ?? 0) + count);
  return [...sums].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count);
}
