/**
 * Lets the calls of one turn go one after the other, in the order the model named them. A call that has to wait for
 * a person leaves its place at once (its `work` throws), so the ones behind it go on.
 */
export interface TurnQueue {
  run<T>(turnId: string, work: () => Promise<T>): Promise<T>;
}

export function createTurnQueue(): TurnQueue {
  const tails = new Map<string, Promise<unknown>>();
  return {
    run(turnId, work) {
      const before = tails.get(turnId) ?? Promise.resolve();
      const mine = before.then(work, work);
      tails.set(turnId, mine);
      const forget = (): void => {
        if (tails.get(turnId) === mine) tails.delete(turnId);
      };
      mine.then(forget, forget);
      return mine;
    },
  };
}
