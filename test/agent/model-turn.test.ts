import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOpenAiModel } from '../../src/agent/model.ts';
import { createStreamingFetch } from '../../src/agent/streaming-fetch.ts';
import { startTestDesk, type TestDesk } from '../support/desk.ts';
import { startFakeOpenAi, type FakeCall, type FakeOpenAi, type FakeReply } from '../support/fake-openai.ts';

const KEY = 'sk-fake-key';

const call = (text: string, id: string, name = 'gmail_messages_list'): FakeCall => ({
  id,
  name,
  arguments: text,
});

describe('the graph with a model service', () => {
  let desk: TestDesk;
  let fake: FakeOpenAi;
  let script: (index: number) => FakeReply = () => ({ text: 'done' });
  let first = 0;
  beforeAll(async () => {
    fake = await startFakeOpenAi((_, index) => script(index - first));
    desk = await startTestDesk(
      createOpenAiModel({ baseUrl: fake.baseUrl, name: 'fake-1', apiKey: KEY }, createStreamingFetch()),
    );
    await desk.connect('google-oauth2', 'U0BEN');
  });
  afterAll(async () => {
    await desk.stop();
    await fake.stop();
  });

  const converse = async (replies: (index: number) => FakeReply) => {
    script = replies;
    first = fake.requests.length;
    const outcome = await desk.desk.agent.run(await desk.say('U0BEN', 'Go on.'));
    expect(fake.violations).toEqual([]);
    return { outcome, requests: fake.requests.slice(first) };
  };
  /** What the model read of its calls, by id. */
  const readAnswers = (request: { messages: readonly Record<string, unknown>[] } | undefined) =>
    Object.fromEntries(
      (request?.messages ?? [])
        .filter(({ role }) => role === 'tool')
        .map((message) => [
          String(message['tool_call_id']),
          JSON.parse(String(message['content'])) as { ok: boolean; code?: string },
        ]),
    );

  it('answers each bad call with its reason and does the good one', async () => {
    const { outcome, requests } = await converse((index) =>
      index > 0
        ? { text: 'There\u0000 you are.' }
        : {
            calls: [
              call('{}', 'good', 'gmail_messages_list'),
              call('{}', 'unknown', 'shell_run'),
              call('{}', 'no-name', 'gmail.messages.list'),
              call('{"text": "half', 'broken', 'gmail_messages_send'),
              call('{"query": "a", "query": "b"}', 'twice'),
              // PostgreSQL keeps neither, so no row could ever hold such arguments.
              call('{"query": "a\\u0000b"}', 'nul'),
              call('{"query": "\\ud83d"}', 'half-pair'),
              call('{"when": 5}', 'wrong', 'calendar_events_insert'),
            ],
          },
    );
    expect([outcome.status, outcome.reply]).toEqual(['done', 'There you are.']);
    const answers = readAnswers(requests[1]);
    expect(Object.fromEntries(Object.entries(answers).map(([id, { ok, code }]) => [id, code ?? ok]))).toEqual(
      {
        good: true,
        nul: 'arguments_invalid',
        'half-pair': 'arguments_invalid',
        unknown: 'tool_unknown',
        'no-name': 'tool_unknown',
        broken: 'arguments_invalid',
        twice: 'arguments_invalid',
        wrong: 'arguments_invalid',
      },
    );
    expect(outcome.calls.map(({ action }) => action)).toEqual(['gmail.messages.list']);
  });

  it('refuses a tool call id that comes again with other arguments', async () => {
    const { requests } = await converse((index) =>
      index > 1
        ? { text: 'ok' }
        : { calls: [call(index === 0 ? '{}' : '{"query":"Priya"}', 'again', 'gmail_messages_list')] },
    );
    const last = requests[2]?.messages.findLast(({ role }) => role === 'tool');
    expect(JSON.parse(String(last?.['content']))).toMatchObject({ code: 'tool_call_id_reused' });
  });

  it('stops a model that goes round in circles, and says so', async () => {
    const { outcome, requests } = await converse((index) => ({
      calls: [call('{"nothing": true}', `call_${index}`, 'no_such_tool')],
    }));
    expect(outcome.status).toBe('failed');
    expect(outcome.reply).toBe('I stopped after 12 steps without finishing. Ask for a smaller piece of it.');
    expect(requests).toHaveLength(12);
  });

  it('tells the person when the service refuses the key, and ends the turn', async () => {
    const { outcome } = await converse(() => ({ status: 403 }));
    expect([outcome.status, outcome.reply]).toEqual([
      'failed',
      'The language model refused our key. Tell an admin to check OPENAI_API_KEY.',
    ]);
  });
});
