import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure } from '../figure.ts';
import type { Side } from '../side.ts';
import { median, percentile } from '../stats.ts';

const EVENTS_A_SECOND = 50;

/**
 * How soon Slack hears that an event arrived, at 50 events a second while four conversations have turns running.
 * Every tenth event is a direct message, which AgentDesk has written down before it acknowledges it; the bare program
 * answers it with an echo. Bolt by itself acknowledges before it has done anything.
 */
export const ack: Figure = {
  name: 'ack',
  async measure({ desk, bare, people }, { quick }) {
    const seconds = quick ? 3 : 10;
    const own: Acks = { all: [], messages: [] };
    const other: Acks = { all: [], messages: [] };
    for (let round = 0; round < (quick ? 1 : 2); round += 1) {
      await sendEvents(desk, people, 'What is on my calendar?', seconds, own);
      await sendEvents(bare, people, 'echo', seconds, other);
    }
    const p99 = percentile(own.all, 0.99);
    return [
      {
        name: 'ack at 50 events/s, p50',
        unit: 'ms',
        desk: median(own.all),
        bare: median(other.all),
      },
      {
        name: 'ack at 50 events/s, p99',
        unit: 'ms',
        desk: p99,
        bare: percentile(other.all, 0.99),
        ratio: { value: p99 / percentile(other.all, 0.99), of: 'Bolt echo' },
        goal: { text: '< 50 ms', met: p99 < 50 },
      },
      {
        name: 'ack of a direct message among them, p99',
        unit: 'ms',
        desk: percentile(own.messages, 0.99),
        bare: percentile(other.messages, 0.99),
      },
    ];
  },
};

interface Acks {
  readonly all: number[];
  readonly messages: number[];
}

async function sendEvents(
  side: Side,
  people: readonly string[],
  text: string,
  seconds: number,
  acks: Acks,
): Promise<void> {
  const talking = people.slice(0, 4);
  const others = people.slice(4);
  side.slack.takeAcks();
  const end = performance.now() + seconds * 1000;
  const conversations = Promise.all(
    talking.map(async (user) => {
      while (performance.now() < end) await side.ask(user);
    }),
  );
  const sent: Promise<number>[] = [];
  const started = performance.now();
  for (let count = 0; performance.now() < end; count += 1) {
    const user = others[count % others.length] ?? '';
    if (count % 10 === 0) side.slack.say(user, text);
    else sent.push(side.slack.sendIdle(user));
    // By the clock, so that a late one does not make the rest late.
    await sleep(Math.max(0, started + ((count + 1) * 1000) / EVENTS_A_SECOND - performance.now()));
  }
  await conversations;
  const idle = await Promise.all(sent);
  // The turns they began are not part of this; what they cost must not fall on the other side.
  await sleep(1000);
  const messages = side.slack.takeAcks();
  acks.all.push(...idle, ...messages);
  acks.messages.push(...messages);
}
