import { describe, expect, it } from 'vitest';
import { catalog, toToolName } from '../../src/actions/catalog.ts';
import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from '../../src/agent/langchain.ts';
import { createOpenAiModel } from '../../src/agent/model.ts';
import { normalizeMessage, readUnusable } from '../../src/agent/normalize.ts';
import { createStreamingFetch } from '../../src/agent/streaming-fetch.ts';
import { DeskError, userMessage } from '../../src/errors.ts';
import { startFakeOpenAi, type FakeCall, type FakeOpenAi, type FakeReply } from '../support/fake-openai.ts';

const KEY = 'sk-fake-key';
const TIMEOUT_MS = 400;

const connectTo = (fake: Pick<FakeOpenAi, 'baseUrl'>, apiKey: string | null = KEY, timeoutMs = 10_000) =>
  createOpenAiModel({ baseUrl: fake.baseUrl, name: 'fake-1', apiKey, timeoutMs }, createStreamingFetch());

const HELLO = [new SystemMessage('Be brief.'), new HumanMessage('Hello')];

/** One question to a server that answers so; the message as the graph takes it. */
async function hear(reply: FakeReply, options: { ignoreStream?: boolean } = {}): Promise<AIMessage> {
  const fake = await startFakeOpenAi(() => reply, options);
  try {
    return normalizeMessage(await connectTo(fake).invoke(HELLO));
  } finally {
    await fake.stop();
  }
}

/** The error of one question. */
async function fails(reply: FakeReply, apiKey = KEY, timeoutMs?: number): Promise<DeskError> {
  const fake = await startFakeOpenAi(() => reply);
  try {
    const error: unknown = await connectTo(fake, apiKey, timeoutMs)
      .invoke(HELLO)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DeskError);
    return error as DeskError;
  } finally {
    await fake.stop();
  }
}

const call = (text: string, id = 'call_1', name = 'calendar_events_list'): FakeCall => ({
  id,
  name,
  arguments: text,
});

describe.each([
  ['a server that streams', {}],
  ['a server that ignores `stream`', { ignoreStream: true }],
])('%s', (_, options) => {
  it('is understood, word by word', async () => {
    const text = 'Grüße an alle 👋, bis morgen!';
    expect((await hear({ text }, options)).content).toBe(text);
  });

  it('can ask for several calls at once', async () => {
    const calls = [
      call('{"from": "2026-11-24"}', 'call_a'),
      call('{"query":"from:priya \\"Lunch\\""}', 'call_b', 'gmail_messages_list'),
      call('', 'call_c', 'github_repos_list'),
    ];
    const message = await hear({ calls }, options);
    expect(message.tool_calls).toEqual([
      { id: 'call_a', name: 'calendar_events_list', args: { from: '2026-11-24' }, type: 'tool_call' },
      { id: 'call_b', name: 'gmail_messages_list', args: { query: 'from:priya "Lunch"' }, type: 'tool_call' },
      { id: 'call_c', name: 'github_repos_list', args: {}, type: 'tool_call' },
    ]);
    expect(readUnusable(message)).toEqual({});
  });

  it('gets its unusable calls back with the reason, whatever LangChain made of them', async () => {
    const calls = [
      call('{"from": "2026-11-24"}', 'fine'),
      call('{"from": ', 'broken'),
      // Cut off where the service's limit was: LangChain mends this to a shorter text.
      call('{"to": "priya@acme.test", "text": "Please pay 10', 'cut', 'gmail_messages_send'),
      call('{"calendar": "a", "calendar": "b"}', 'twice'),
      call(`{"calendar": "a", "\\u0063alendar"${' '.repeat(300)}: "b"}`, 'twice-hidden'),
      call('["2026-11-24"]', 'list'),
    ];
    const message = await hear({ calls, finish: 'length' }, options);
    const byId = Object.fromEntries(message.tool_calls?.map(({ id, args }) => [id ?? '', args]) ?? []);
    expect(byId).toEqual({
      fine: { from: '2026-11-24' },
      broken: {},
      cut: {},
      twice: {},
      'twice-hidden': {},
      list: {},
    });
    expect(readUnusable(message)).toEqual({
      broken: 'the arguments are not JSON',
      cut: 'the arguments are not JSON',
      twice: 'a name stands twice in the arguments',
      'twice-hidden': 'a name stands twice in the arguments',
      list: 'the arguments are not a JSON object',
    });
  });

  it('finds a doubled name under an id that is missing, or no use as one', async () => {
    const ids = ['', 'x'.repeat(300), '__proto__', 'a\u0000b'];
    const calls = ids.map((id) => call('{"a":1,"a":2}', id));
    const message = await hear({ calls }, options);
    const given = message.tool_calls?.map(({ id }) => id ?? '') ?? [];
    expect(given.every((id) => /^call_[\w-]{36}$/.test(id))).toBe(true);
    expect(Object.keys(readUnusable(message)).sort()).toEqual([...new Set(given)].sort());
    expect(given).toHaveLength(ids.length);
  });
});

describe('what is sent', () => {
  it('has every tool with its schema, the key, and a history the service takes', async () => {
    const fake = await startFakeOpenAi(() => ({ text: 'done' }));
    const asked = normalizeMessage(
      new AIMessage({
        content: '',
        tool_calls: [{ id: 'call_1', name: 'no such tool!', args: {}, type: 'tool_call' }],
      }),
    );
    const answered = new ToolMessage({ tool_call_id: 'call_1', name: 'x', content: '{"ok":false}' });
    await connectTo(fake).invoke([...HELLO, asked, answered]);
    expect(fake.violations).toEqual([]);
    const [request] = fake.requests;
    expect(request?.tools?.map((tool) => tool.function.name)).toEqual(
      catalog.map(({ id }) => toToolName(id)),
    );
    expect(request?.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool']);
    expect(request?.stream).toBe(true);
    await fake.stop();
  });

  it('goes nowhere but to the configured server', async () => {
    const thief = await startFakeOpenAi(() => ({ text: 'thanks' }));
    const location = `${thief.baseUrl}/chat/completions`;
    expect((await fails({ status: 307, headers: { location } })).code).toBe('model_unreachable');
    expect(thief.requests).toEqual([]);
    await thief.stop();
  });
});

describe.concurrent('an error of the model service', () => {
  it.for<[string, FakeReply, string]>([
    ['a bad request', { status: 400 }, 'model_failed'],
    ['an unknown model', { status: 404 }, 'model_failed'],
    ['a rate limit', { status: 429, headers: { 'retry-after': '0' } }, 'model_rate_limited'],
    ['no credit left', { status: 429, error: 'You exceeded your current quota' }, 'model_rate_limited'],
    ['a fault of its own', { status: 500 }, 'model_unreachable'],
    ['a web page', { raw: '<html>Welcome</html>', type: 'text/html' }, 'model_failed'],
    ['other JSON', { raw: '{"hello":"world"}', type: 'application/json' }, 'model_failed'],
    ['broken JSON', { raw: '{"choices": [', type: 'application/json' }, 'model_failed'],
    ['a broken stream', { raw: 'data: {"choices": [\n\n', type: 'text/event-stream' }, 'model_failed'],
    [
      'an error in the stream',
      { raw: 'data: {"error":{"message":"overloaded"}}\n\n', type: 'text/event-stream' },
      'model_failed',
    ],
  ])('%s is told as such', async ([, reply, code], { expect }) => {
    const error = await fails(reply);
    expect(error.code).toBe(code);
    expect(userMessage(error)).toMatch(/^The language model /);
  });

  it('a refused key is told without the key', async ({ expect }) => {
    const error = await fails({ text: 'never' }, 'sk-wrong-key-0123456789');
    expect(error.code).toBe('model_unauthorized');
    expect(error.cause).toBeUndefined();
    expect(userMessage(error)).toContain('OPENAI_API_KEY');
  });

  it('a server that is gone, or hangs before or in its answer, is unreachable', async ({ expect }) => {
    const gone = await startFakeOpenAi(() => ({ text: '' }));
    await gone.stop();
    const refused = connectTo(gone).invoke(HELLO);
    await expect(refused).rejects.toMatchObject({ code: 'model_unreachable' });
    for (const hang of ['start', 'middle'] as const) {
      expect((await fails({ hang }, KEY, TIMEOUT_MS)).code).toBe('model_unreachable');
    }
  });

  it('a hiccup is tried again', async ({ expect }) => {
    const fake = await startFakeOpenAi((_, index) => (index === 0 ? { status: 503 } : { text: 'here' }));
    expect((await connectTo(fake).invoke(HELLO)).content).toBe('here');
    expect(fake.requests).toHaveLength(2);
    await fake.stop();
  });
});

describe('a form', () => {
  const form = {
    name: 'the_form',
    instructions: 'Fill it in.',
    text: 'Never',
    schema: { type: 'object', properties: {} },
  };

  it('is filled in from its text alone, and no action is offered', async () => {
    const fake = await startFakeOpenAi(() => ({ calls: [call('{"kind":"rule"}', 'c', 'the_form')] }));
    expect(await connectTo(fake).fill?.(form)).toEqual({ kind: 'rule' });
    expect(fake.violations).toEqual([]);
    const [request] = fake.requests;
    expect(request?.tools?.map((tool) => tool.function.name)).toEqual(['the_form']);
    expect(request?.messages.map(({ content }) => content)).toEqual(['Fill it in.', 'Never']);
    await fake.stop();
  });

  it('stays empty when the model only talks', async () => {
    const fake = await startFakeOpenAi(() => ({ text: 'What form?' }));
    expect(await connectTo(fake).fill?.(form)).toBeNull();
    await fake.stop();
  });
});
