import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCheckpointer } from '../../src/agent/checkpoints.ts';
import { createGraph } from '../../src/agent/graph.ts';
import { createOfflineModel } from '../../src/agent/offline-model.ts';
import { listPending } from '../../src/approvals/query.ts';
import { startTestDesk, WORKSPACE, type TestDesk } from '../support/desk.ts';

// As the program loads them: by `require`, because the SDK's ES module build does not load in Node.
const require = createRequire(import.meta.url);
const { getAuth0Interrupts } = require('@auth0/ai-langchain') as typeof import('@auth0/ai-langchain');
const { AuthorizationPendingInterrupt, CIBAInterrupt, FederatedConnectionInterrupt } =
  require('@auth0/ai/interrupts') as typeof import('@auth0/ai/interrupts');

describe('our interrupts, read by the SDK', () => {
  let desk: TestDesk;
  let checkpointer: ReturnType<typeof createCheckpointer>;
  beforeAll(async () => {
    desk = await startTestDesk(createOfflineModel(() => new Date()));
    await desk.connect('google-oauth2', 'U0BEN');
    const access = { url: desk.database.ownerUrl, role: 'agentdesk_app' } as const;
    checkpointer = createCheckpointer(access, 2, (error) => {
      throw error;
    });
  });
  afterAll(async () => {
    await checkpointer.close();
    await desk.stop();
  });

  /** What any client finds that looks at the thread, from another process than the one that runs it. */
  const readInterrupts = async (turnId: string) => {
    const model = createOfflineModel(() => new Date());
    const graph = createGraph(desk.desk.deps, model, checkpointer.saver);
    const { tasks } = await graph.getState({ configurable: { thread_id: turnId } });
    const thread = { interrupts: Object.fromEntries(tasks.map((task) => [task.id, task.interrupts])) };
    return getAuth0Interrupts(thread as never).map(({ value }) => value);
  };

  it('a pending approval is a pending CIBA request', async () => {
    const turnId = await desk.say('U0BEN', "mail priya@acme.test about 'Lunch' saying 'Shall we?'");
    expect((await desk.desk.agent.run(turnId)).status).toBe('waiting');
    const [value, ...more] = await readInterrupts(turnId);
    expect(more).toEqual([]);
    expect(AuthorizationPendingInterrupt.isInterrupt(value)).toBe(true);
    expect(CIBAInterrupt.hasRequestData(value)).toBe(true);
    expect(FederatedConnectionInterrupt.isInterrupt(value)).toBe(false);
    const [approval] = await listPending(desk.desk.database, WORKSPACE, 'U0BEN', 10);
    const lifetime = (approval?.expiresAt.getTime() ?? 0) - (approval?.createdAt.getTime() ?? 0);
    expect(value).toMatchObject({
      name: 'AUTH0_AI_INTERRUPT',
      code: 'CIBA_AUTHORIZATION_PENDING',
      message: expect.any(String) as string,
      request: {
        id: expect.any(String) as string,
        requestedAt: expect.any(Number) as number,
        expiresIn: Math.round(lifetime / 1000),
        interval: 5,
      },
    });
    expect((value as unknown as { request: { id: string } }).request.id).toBe(approval?.authReqId);
  });

  it('a missing account is a missing federated connection, with the scopes it needs', async () => {
    const turnId = await desk.say('U0ADA', "what's on my calendar today?");
    const outcome = await desk.desk.agent.run(turnId);
    expect([outcome.status, outcome.connects.length]).toEqual(['waiting', 1]);
    const [value, ...more] = await readInterrupts(turnId);
    expect(more).toEqual([]);
    expect(FederatedConnectionInterrupt.isInterrupt(value)).toBe(true);
    expect(CIBAInterrupt.isInterrupt(value)).toBe(false);
    const scope = expect.stringMatching(/^https:\/\/www\.googleapis\.com\/auth\//) as string;
    expect(value).toMatchObject({
      name: 'AUTH0_AI_INTERRUPT',
      code: 'FEDERATED_CONNECTION_ERROR',
      connection: 'google-oauth2',
      scopes: expect.arrayContaining([scope]) as string[],
      requiredScopes: expect.arrayContaining([scope]) as string[],
    });
  });
});
