import { runConversations } from '../closed-loop.ts';
import type { Figure } from '../figure.ts';
import { mean } from '../stats.ts';

/** Sixteen conversations with one process and with two on the same database, in alternation. */
export const processes: Figure = {
  name: 'processes',
  async measure({ desk, people, startDesk }, { quick }) {
    const rates: { one: number[]; two: number[] } = { one: [], two: [] };
    const seconds = quick ? 3 : 6;
    for (let round = 0; round < (quick ? 1 : 2); round += 1) {
      rates.one.push(await runConversations(desk, people, seconds));
      const second = await startDesk({});
      try {
        await runConversations(desk, people, 1);
        rates.two.push(await runConversations(desk, people, seconds));
      } finally {
        await second.stop();
      }
    }
    const [one, two] = [mean(rates.one), mean(rates.two)];
    return [
      { name: 'turns a second, 16 conversations, one process', unit: 'turns/s', desk: one, bare: null },
      {
        name: 'turns a second, 16 conversations, two processes',
        unit: 'turns/s',
        desk: two,
        bare: null,
        ratio: { value: two / one, of: 'one process' },
        note: 'all on the same cores',
      },
    ];
  },
};
