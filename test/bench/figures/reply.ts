import { atMost, repeat, type Figure } from '../figure.ts';
import { median, percentile } from '../stats.ts';

/** From a direct message to the last words of its turn, with one allowed call in between; each in a thread of its own. */
export const reply: Figure = {
  name: 'reply',
  async measure({ desk, bare, people }, { quick }) {
    const [user = ''] = people;
    const times: { desk: number[]; bare: number[] } = { desk: [], bare: [] };
    for (const _ of repeat(quick ? 5 : 30, 15)) {
      await desk.ask(user);
      await bare.ask(user);
    }
    for (const _ of repeat(quick ? 30 : 300, 60)) {
      times.desk.push((await desk.ask(user)).ms);
      times.bare.push((await bare.ask(user)).ms);
    }
    const ratio = median(times.desk) / median(times.bare);
    return [
      {
        name: 'DM → reply, one allowed call, p50',
        unit: 'ms',
        desk: median(times.desk),
        bare: median(times.bare),
        ratio: { value: ratio, of: 'bare' },
        goal: atMost(ratio, 1.5, '× bare'),
      },
      {
        name: 'DM → reply, one allowed call, p99',
        unit: 'ms',
        desk: percentile(times.desk, 0.99),
        bare: percentile(times.bare, 0.99),
        ratio: { value: percentile(times.desk, 0.99) / percentile(times.bare, 0.99), of: 'bare' },
        note: `${times.desk.length} pairs`,
      },
    ];
  },
};
