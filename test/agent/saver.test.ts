import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AIMessage, type BaseMessage } from '../../src/agent/langchain.ts';
import {
  Annotation,
  END,
  interrupt,
  PostgresSaver,
  Send,
  START,
  StateGraph,
} from '../../src/agent/langgraph.ts';
import { createSaver } from '../../src/agent/saver.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const State = Annotation.Root({
  messages: Annotation<BaseMessage[]>({
    reducer: (before, added) => [...before, ...added],
    default: () => [],
  }),
});

/** Two calls at once, of which the second waits. */
function createGraph(saver: InstanceType<typeof PostgresSaver>, answers: () => boolean) {
  const call = (input: { name: string }) => {
    if (input.name === 'second' && !answers()) interrupt({ ask: input.name, text: 'ünï\u0000code' });
    return { messages: [new AIMessage(`did ${input.name}`)] };
  };
  return new StateGraph(State)
    .addNode('model', () => ({ messages: [new AIMessage('calls')] }))
    .addNode('call', call as never)
    .addEdge(START, 'model')
    .addConditionalEdges('model', () => ['first', 'second'].map((name) => new Send('call', { name })), [
      'call',
    ])
    .addEdge('call', END)
    .compile({ checkpointer: saver });
}

describe('createSaver', () => {
  let database: TestDatabase;
  let pool: pg.Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.ownerUrl, max: 2 });
  });

  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it('stores what LangGraph’s own saver stores, readable by it', async () => {
    const own = new PostgresSaver(pool, undefined, { schema: 'langgraph' });
    const ours = createSaver(pool, 'langgraph');
    const stories = [];
    for (const saver of [own, ours]) {
      let answered = false;
      const graph = createGraph(saver, () => answered);
      const thread = saver === own ? 'theirs' : 'ours';
      const config = { configurable: { thread_id: thread }, durability: 'sync' as const };
      await graph.invoke({ messages: [] }, config);
      answered = true;
      // The other saver goes on where this one stopped.
      const other = createGraph(saver === own ? ours : own, () => answered);
      const waiting = await other.getState(config);
      const end = (await other.invoke(null, config)) as { messages: BaseMessage[] };
      const counts = await database.owner`
        select (select count(*)::int from langgraph.checkpoints where thread_id = ${thread}) as checkpoints,
          (select count(*)::int from langgraph.checkpoint_blobs where thread_id = ${thread}) as blobs,
          (select count(*)::int from langgraph.checkpoint_writes where thread_id = ${thread}) as writes,
          (select array_agg(distinct type order by type) from langgraph.checkpoint_blobs where thread_id = ${thread}) as types`;
      stories.push({
        interrupts: waiting.tasks.flatMap((task) => task.interrupts.map(({ value }) => value as unknown)),
        results: waiting.tasks.map((task) => (task as { result?: unknown }).result === undefined),
        end: end.messages.map(({ content }) => content),
        counts,
      });
    }
    expect(stories[1]).toEqual(stories[0]);
    expect(stories[1]?.interrupts).toEqual([{ ask: 'second', text: 'ünï\u0000code' }]);
    expect(stories[1]?.end).toEqual(['calls', 'did first', 'did second']);
  });

  it('keeps the first result of a task that ran twice, and the last of its interrupts', async () => {
    const saver = createSaver(pool, 'langgraph');
    const config = { configurable: { thread_id: 'twice', checkpoint_ns: '', checkpoint_id: 'c1' } };
    const id = '00000000-0000-0000-0000-000000000001';
    for (const text of ['one', 'two']) {
      await saver.putWrites(config, [['messages', text]], id);
      await saver.putWrites(config, [['__interrupt__', text]], id);
    }
    const rows = await database.owner<{ channel: string; text: string }[]>`
      select channel, convert_from(blob, 'UTF8') as text from langgraph.checkpoint_writes
      where thread_id = 'twice' order by channel`;
    expect(rows.map(({ channel, text }) => [channel, text])).toEqual([
      ['__interrupt__', '"two"'],
      ['messages', '"one"'],
    ]);
  });
});
