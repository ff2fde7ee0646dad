import { expect, test } from 'vitest';
import { createSequencer, type Place } from '../../src/slack/receivers/in-order.ts';

/** Does them in the order they came, and tells in which they were done. */
async function order(places: readonly (Place & { name: string })[]): Promise<string[]> {
  const inOrder = createSequencer();
  const done: string[] = [];
  await Promise.all(
    places.map(({ name, ...place }) =>
      inOrder(place, async () => {
        await Promise.resolve();
        done.push(name);
      }),
    ),
  );
  return done;
}

const root = { name: 'root', key: 'thread', at: 1, begins: true };
const second = { name: 'second', key: 'thread', at: 2, begins: false };
const third = { name: 'third', key: 'thread', at: 3, begins: false };

test('what overtook another in its thread is done after it', async () => {
  expect(await order([third, root, second])).toEqual(['root', 'second', 'third']);
  expect(await order([third, second])).toEqual(['second', 'third']);
  // The root is done at once; what follows it waits for what it may have overtaken all the same.
  expect(await order([root, third, second])).toEqual(['root', 'second', 'third']);
});

test('what begins a thread waits for nothing, and no thread waits for another', async () => {
  const inOrder = createSequencer();
  const done: string[] = [];
  const work = (name: string) => () => {
    done.push(name);
    return Promise.resolve();
  };
  const waiting = inOrder(second, work('second'));
  const other = inOrder({ key: 'another thread', at: 9, begins: true }, work('other'));
  expect(done).toEqual(['other']);
  await Promise.all([waiting, other]);
  expect(done).toEqual(['other', 'second']);
});

test('a failure is told to whom it belongs, and the next goes on', async () => {
  const inOrder = createSequencer();
  const failing = inOrder(root, () => Promise.reject(new Error('not written down')));
  const next = inOrder(second, () => Promise.resolve());
  await expect(failing).rejects.toThrow('not written down');
  await next;
});
