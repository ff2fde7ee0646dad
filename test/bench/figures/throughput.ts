import { runConversations } from '../closed-loop.ts';
import { atLeast, type Figure } from '../figure.ts';
import { mean } from '../stats.ts';

/** Turns a second with eight conversations at once, each turn as in the figure `reply`. */
export const throughput: Figure = {
  name: 'throughput',
  async measure({ desk, bare, people }, { quick }) {
    const eight = people.slice(0, 8);
    const rates: { desk: number[]; bare: number[] } = { desk: [], bare: [] };
    const [rounds, seconds] = quick ? [1, 3] : [4, 5];
    await runConversations(desk, eight, 1);
    await runConversations(bare, eight, 1);
    for (let round = 0; round < rounds; round += 1) {
      rates.desk.push(await runConversations(desk, eight, seconds));
      rates.bare.push(await runConversations(bare, eight, seconds));
    }
    const ratio = mean(rates.desk) / mean(rates.bare);
    return [
      {
        name: 'turns a second, 8 conversations',
        unit: 'turns/s',
        desk: mean(rates.desk),
        bare: mean(rates.bare),
        ratio: { value: ratio, of: 'bare' },
        goal: atLeast(ratio, 0.8, '× bare'),
      },
    ];
  },
};
