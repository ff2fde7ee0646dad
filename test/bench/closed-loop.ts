import type { Side } from './side.ts';

/**
 * Conversations that each say something, wait for the answer and say the next thing; the turn that is under way when
 * the time is over is waited for.
 * @returns turns a second: the sum of what each conversation got by the end of its own last turn
 */
export async function runConversations(
  side: Pick<Side, 'ask'>,
  people: readonly string[],
  seconds: number,
): Promise<number> {
  const started = performance.now();
  const rates = await Promise.all(
    people.map(async (user) => {
      let turns = 0;
      while (performance.now() < started + seconds * 1000) {
        await side.ask(user);
        turns += 1;
      }
      return (turns * 1000) / (performance.now() - started);
    }),
  );
  return rates.reduce((sum, rate) => sum + rate, 0);
}
