import { atMost, type Figure, type Row } from '../figure.ts';
import type { Side } from '../side.ts';
import { median } from '../stats.ts';

/**
 * Turn 10, 100 and 500 of one thread. The threads are made long first and the turns then measured in alternation, so
 * that what the machine does meanwhile falls on all of them alike.
 */
export const growth: Figure = {
  name: 'growth',
  async measure({ desk, bare, people }, { quick }) {
    const rounds = quick ? 3 : 20;
    const lengths = quick ? [10, 20, 40] : [10, 100, 500];
    const own = await measureLengths(desk, people, lengths, rounds);
    // A graph that keeps its messages in its state gets slower with each turn; 500 of them would take minutes.
    const other = await measureLengths(bare, people, lengths.slice(0, 2), quick ? 3 : 10);
    const [first = Number.NaN] = own;
    return own.map((ms, index): Row => {
      const value = ms / first;
      const isLast = index === own.length - 1;
      return {
        name: `turn ${lengths[index]} of one thread, p50`,
        unit: 'ms',
        desk: ms,
        bare: other[index] ?? null,
        ...(index === 0 ? {} : { ratio: { value, of: `turn ${lengths[0]}` } }),
        ...(isLast ? { goal: atMost(value, 1.2, `× turn ${lengths[0]}`) } : {}),
      };
    });
  },
};

/** @returns the median of turn n, n + 1, … for each length n, in milliseconds */
async function measureLengths(
  side: Side,
  people: readonly string[],
  lengths: readonly number[],
  rounds: number,
): Promise<number[]> {
  const [shortest = 0, ...longer] = lengths;
  const grow = async (user: string, turns: number): Promise<string> => {
    const { ts } = await side.ask(user);
    for (let turn = 1; turn < turns; turn += 1) await side.ask(user, undefined, ts);
    return ts;
  };
  // Turn n comes only once in a thread, so there are a few threads of the short kind.
  const few = Math.ceil(rounds / SPREAD);
  const makeThreads = (
    length: number,
    from: number,
    count: number,
  ): Promise<{ user: string; ts: string }[]> =>
    Promise.all(
      people
        .slice(from, from + count)
        .map(async (user) => ({ user, ts: await grow(user, Math.max(1, length - Math.ceil(SPREAD / 2))) })),
    );
  const threads = await Promise.all([
    makeThreads(shortest, 0, few),
    ...longer.map((length, index) => makeThreads(length, few + index, 1)),
  ]);
  const times: number[][] = lengths.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, kind] of threads.entries()) {
      const thread = kind[round % kind.length];
      if (thread === undefined) throw new Error('there are too few people for the threads');
      times[index]?.push((await side.ask(thread.user, undefined, thread.ts)).ms);
    }
  }
  return times.map(median);
}

/** Turns of one short thread that are measured, half of them before turn n. */
const SPREAD = 4;
