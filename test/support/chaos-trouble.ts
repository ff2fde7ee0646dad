import { setTimeout as sleep } from 'node:timers/promises';
import type { Kill } from './chaos-plan-faults.ts';
import type { RunPlan } from './chaos-plan.ts';
import { hasReached } from './chaos-look.ts';
import type { World } from './chaos-world.ts';

/** A state a call is in for milliseconds is looked for that often. */
const POLL_MS = 5;

/** Everything that goes wrong in a run beside its wires. Resolves when all of it has happened, or was called off. */
export async function makeTrouble(world: World, plan: RunPlan, calledOff: AbortSignal): Promise<string[]> {
  const happened: string[] = [];
  const from = new Date();
  const at = async (ms: number, what: string, act: () => unknown): Promise<void> => {
    await sleep(ms);
    if (calledOff.aborted) return;
    happened.push(what);
    await act();
  };
  const kill = (whom: Kill['whom']): void => world.fleet.kill(whom, plan.downMs);
  await Promise.all([
    ...plan.kills.map(async (one) => {
      if (one.at === 'time') return at(one.ms, `kill ${one.whom} after ${one.ms} ms`, () => kill(one.whom));
      while (!calledOff.aborted) {
        // While the database itself restarts nothing can be read; then the next look tells.
        const isThere = await hasReached(world.sql, one.at, from).catch(() => false);
        if (isThere) return at(0, `kill ${one.whom} at ${one.at}`, () => kill(one.whom));
        await sleep(POLL_MS);
      }
    }),
    ...(plan.databaseMs === null
      ? []
      : [at(plan.databaseMs, 'database restart', () => world.restartDatabase())]),
    ...(plan.sockets === null ? [] : [cutSockets(plan.sockets)]),
    ...(plan.tokensMs === null
      ? []
      : [at(plan.tokensMs, 'tokens run out', () => world.outside.google.expireAccessTokens())]),
  ]);
  return happened;

  function cutSockets({ ms, abrupt }: { ms: number; abrupt: boolean }): Promise<void> {
    const cut = (): void => world.outside.slack.faults.disconnectSockets({ abrupt });
    return at(ms, abrupt ? 'sockets cut' : 'sockets renewed', cut);
  }
}

/** Slack goes on trying for an hour; the stand-in gives an event up after three times. @returns how many */
export function redeliverLost({ outside }: World, known: Set<string>): number {
  const lost = outside.slack
    .violations()
    .filter(
      ({ method, error, detail }) => method === 'event' && error === 'not_acknowledged' && !known.has(detail),
    );
  for (const { detail } of lost) {
    known.add(detail);
    outside.slack.faults.redeliver(detail);
  }
  return lost.length;
}
