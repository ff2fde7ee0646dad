import postgres from 'postgres';
import { atMost, repeat, type Figure } from '../figure.ts';
import { addPending, removePending } from '../pending.ts';
import type { Side } from '../side.ts';
import type { Stage } from '../stage.ts';
import { median, percentile } from '../stats.ts';
import { users } from '../slack-wire.ts';
import { DONE } from '../think.ts';

const PENDING = 100_000;

/** From the click on Approve to the first request of the effect at the provider. */
export const click: Figure = {
  name: 'click',
  async measure(stage, { quick }) {
    const { desk, bare, deskUrl } = stage;
    const [half, pending] = quick ? [5, 5_000] : [40, PENDING];
    const [few, many, other]: [number[], number[], number[]] = [[], [], []];
    await clickApprove(stage, desk, 3);
    await clickApprove(stage, bare, 3);
    const owner = postgres(deskUrl, { max: 1, onnotice: () => undefined });
    const both = async (times: number[]): Promise<void> => {
      for (const _ of repeat(half, 25)) {
        times.push(...(await clickApprove(stage, desk, 1)));
        other.push(...(await clickApprove(stage, bare, 1)));
      }
    };
    try {
      // Few, many, few: a drift of the machine falls on both.
      await both(few);
      await addPending(owner, pending);
      await both(many);
      await removePending(owner);
      await both(few);
    } finally {
      await owner.end({ timeout: 5 });
    }
    const growth = median(many) / median(few);
    const p95 = percentile(few, 0.95);
    return [
      { name: 'Approve click → effect, p50', unit: 'ms', desk: median(few), bare: median(other) },
      {
        name: 'Approve click → effect, p95',
        unit: 'ms',
        desk: p95,
        bare: percentile(other, 0.95),
        ratio: { value: p95 / percentile(other, 0.95), of: 'bare' },
        goal: { text: '< 100 ms', met: p95 < 100 },
        note: `${few.length} clicks`,
      },
      {
        name: `the same with ${pending.toLocaleString('en')} pending, p50`,
        unit: 'ms',
        desk: median(many),
        bare: null,
        ratio: { value: growth, of: 'few pending' },
        goal: atMost(growth, 1.2, '× few pending'),
      },
    ];
  },
};

let mails = 0;

async function clickApprove({ google, people }: Stage, side: Side, count: number): Promise<number[]> {
  const [user = ''] = people;
  const times: number[] = [];
  for (let turn = 0; turn < count; turn += 1) {
    mails += 1;
    const text = `mail Priya, number ${mails}`;
    const card = await side.wait(user, text, ({ blocks }) => findApprove(blocks) !== undefined);
    const effect = new Promise<number>((resolve) => {
      // Called while the request is handled, in this process.
      const stop = google.onChange(() => {
        const at = performance.now();
        if (!hasMail(google, text)) return;
        stop();
        resolve(at);
      });
    });
    const done = new Promise<void>((resolve) => {
      const stop = side.slack.onPost((posted) => {
        if (posted.channel !== users.dmOf(user) || !posted.text.includes(DONE)) return;
        stop();
        resolve();
      });
    });
    const started = performance.now();
    await side.slack.click(user, card, findApprove(card.blocks) ?? '');
    times.push((await effect) - started);
    await done;
  }
  return times;
}

function findApprove(blocks: Parameters<Side['slack']['click']>[1]['blocks']): string | undefined {
  const elements = blocks.flatMap((block) => block.elements ?? []);
  return elements.find((element) => element.text?.text === 'Approve')?.action_id;
}

function hasMail(google: Stage['google'], subject: string): boolean {
  return google.effects().some(({ detail }) => detail.includes(subject));
}
