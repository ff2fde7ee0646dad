import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AIMessage } from '../../src/agent/langchain.ts';
import { CLIENT, routeTenant, startTenant, type Tenant } from './auth0-tenant.ts';

// As the program loads them: by `require`, because the SDK's ES module build does not load in Node.
const require = createRequire(import.meta.url);
const { Auth0AI, getAccessTokenForConnection } =
  require('@auth0/ai-langchain') as typeof import('@auth0/ai-langchain');
const { tool } = require('@langchain/core/tools') as typeof import('@langchain/core/tools');
const { ToolNode } =
  require('@langchain/langgraph/prebuilt') as typeof import('@langchain/langgraph/prebuilt');
const { END, isInterrupted, MemorySaver, MessagesAnnotation, START, StateGraph } =
  require('@langchain/langgraph') as typeof import('@langchain/langgraph');

type Tool = ReturnType<typeof tool>;

let tenant: Tenant;
let restore: () => void;

/** One tool node, as in the SDK's own examples, with a checkpointer. */
function buildGraph(protectedTool: Tool) {
  return new StateGraph(MessagesAnnotation)
    .addNode('tools', new ToolNode([protectedTool]))
    .addEdge(START, 'tools')
    .addEdge('tools', END)
    .compile({ checkpointer: new MemorySaver() });
}

const ask = (id: string, name: string, args: Record<string, unknown>) => ({
  messages: [new AIMessage({ content: '', tool_calls: [{ id, name, args, type: 'tool_call' }] })],
});

/** What the last tool call gave; null while it waits. */
const readResult = (state: object): unknown =>
  isInterrupted(state) ? null : (state as { messages: { content: unknown }[] }).messages.at(-1)?.content;

describe('why the authorizers of @auth0/ai-langchain 3.5.2 on @auth0/ai 4.0.1 are not used', () => {
  beforeAll(async () => {
    tenant = await startTenant();
    restore = routeTenant(tenant.origin);
  });
  afterAll(async () => {
    restore();
    await tenant.stop();
  });

  it('one approval serves a second, identical call (the day this fails, reconsider: each call has its own approval)', async () => {
    const ran: string[] = [];
    const transfer = new Auth0AI({ auth0: CLIENT }).withAsyncUserConfirmation(
      {
        scopes: ['transfer'],
        audience: 'https://bank.test',
        userID: () => Promise.resolve('auth0|ada'),
        bindingMessage: () => Promise.resolve('transfer 100'),
      },
      tool(
        ({ amount }: { amount: number }) => {
          ran.push(`transferred ${amount}`);
          return 'transferred';
        },
        { name: 'transfer', description: 'Transfers money', schema: z.object({ amount: z.number() }) },
      ) as never,
    ) as Tool;
    const graph = buildGraph(transfer);
    const config = { configurable: { thread_id: 'replay' } };

    expect(readResult(await graph.invoke(ask('call_1', 'transfer', { amount: 100 }), config))).toBeNull();
    expect([tenant.pushes.length, ran]).toEqual([1, []]);
    tenant.pushes[0]!.approved = true;
    expect(readResult(await graph.invoke(null, config))).toBe('transferred');
    expect(ran).toEqual(['transferred 100']);

    // Another call, never shown to anyone: it runs on the first one's approval.
    expect(readResult(await graph.invoke(ask('call_2', 'transfer', { amount: 100 }), config))).toBe(
      'transferred',
    );
    expect(ran).toEqual(['transferred 100', 'transferred 100']);
    expect(tenant.pushes).toHaveLength(1);
  });

  it('in a shared thread the token of one user serves another, and one who has none (the day this fails, reconsider: tokens are kept per user)', async () => {
    const used: string[] = [];
    const calendar = new Auth0AI({ auth0: CLIENT }).withTokenForConnection(
      { connection: 'google-oauth2', scopes: ['calendar'] },
      tool(
        () => {
          used.push(String(getAccessTokenForConnection()));
          return 'read';
        },
        { name: 'calendar', description: 'Reads the calendar', schema: z.object({}) },
      ) as never,
    ) as Tool;
    const graph = buildGraph(calendar);
    const say = (id: string, refreshToken: string | undefined) =>
      graph.invoke(ask(id, 'calendar', {}), {
        configurable: { thread_id: 'C0TEAM/1.1', _credentials: { refreshToken } },
      });

    await say('call_ada', 'rt-ada');
    await say('call_ben', 'rt-ben');
    await say('call_gus', undefined);
    expect(used).toEqual(['google-token-of-ada', 'google-token-of-ada', 'google-token-of-ada']);
    expect(tenant.exchanges).toEqual(['rt-ada']);
  });

  it('a restart forgets what was approved, by default (the day this fails, reconsider: approvals outlive the process)', async () => {
    const before = tenant.pushes.length;
    expect(await runInFreshProcess({ thread: 'memory', store: null, first: [] })).toBe('waits');
    tenant.pushes[before]!.approved = true;
    expect(await runInFreshProcess({ thread: 'memory', store: null, first: [] })).toBe('waits');
    expect(tenant.pushes).toHaveLength(before + 2);
  });

  it('with a durable store too, once the process served another tool first (the day this fails, reconsider: keys do not depend on the order of calls)', async () => {
    const store = join(mkdtempSync(join(tmpdir(), 'agentdesk-auth0-')), 'store.json');
    const before = tenant.pushes.length;
    expect(await runInFreshProcess({ thread: 'same-order', store, first: [] })).toBe('waits');
    tenant.pushes[before]!.approved = true;
    expect(await runInFreshProcess({ thread: 'same-order', store, first: [] })).toBe('ran');
    expect(tenant.pushes).toHaveLength(before + 1);

    expect(await runInFreshProcess({ thread: 'other-order', store, first: [] })).toBe('waits');
    tenant.pushes[before + 1]!.approved = true;
    expect(await runInFreshProcess({ thread: 'other-order', store, first: ['look'] })).toBe('waits');
    expect(tenant.pushes.slice(before).map(({ message }) => message)).toEqual(['pay', 'pay', 'look', 'pay']);
  });
});

/** What a worker does: it has modules of its own, as a process that was just started. */
const PROCESS = `
const { parentPort, workerData } = require('node:worker_threads');
const { readFileSync, writeFileSync, existsSync } = require('node:fs');
const { Agent, setGlobalDispatcher } = require('undici');
const { tool } = require('@langchain/core/tools');
const { Auth0AI } = require('@auth0/ai-langchain');
const { client, origin, thread, file, first } = workerData;
setGlobalDispatcher(new Agent().compose((dispatch) => (options, handler) =>
  dispatch(options.origin === 'https://' + client.domain ? { ...options, origin } : options, handler)));
const read = () => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {});
const change = (act) => { const all = read(); act(all); writeFileSync(file, JSON.stringify(all)); };
const store = file === null ? undefined : {
  get: async (ns, key) => read()[JSON.stringify([ns, key])],
  put: async (ns, key, value) => change((all) => { all[JSON.stringify([ns, key])] = value; }),
  delete: async (ns, key) => change((all) => { delete all[JSON.stringify([ns, key])]; }),
};
const ai = new Auth0AI({ auth0: client, store });
const protect = (name) => ai.withAsyncUserConfirmation(
  { scopes: ['pay'], audience: 'https://bank.test', userID: async () => 'auth0|ada', bindingMessage: async () => name },
  tool(async () => 'ran', { name, description: name, schema: { type: 'object', properties: {} } }));
const tools = { pay: protect('pay'), look: protect('look') };
const call = (name) => tools[name].invoke({}, { configurable: { thread_id: thread } }).catch((error) => {
  if (error.name === 'GraphInterrupt') return 'waits';
  throw error;
});
(async () => {
  for (const name of first) await call(name);
  parentPort.postMessage(await call('pay'));
})();
`;

/** @returns what became of a call of `pay`, in a process that called `first` before */
function runInFreshProcess(of: { thread: string; store: string | null; first: string[] }): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(PROCESS, {
      eval: true,
      workerData: {
        client: CLIENT,
        origin: tenant.origin,
        thread: of.thread,
        file: of.store,
        first: of.first,
      },
    });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => {
      reject(new Error('the process ended without an answer'));
    });
  });
}
