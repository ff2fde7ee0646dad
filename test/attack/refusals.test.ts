import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AIMessage, type ToolMessage } from '../../src/agent/langchain.ts';
import type { ToolModel } from '../../src/agent/model.ts';
import { listTurnCalls } from '../../src/calls/query.ts';
import { measureAttack } from '../support/attack.ts';
import { freshId } from '../support/attack-desk.ts';
import { startTestDesk, toolCalls, type TestDesk } from '../support/desk.ts';

interface Refusal {
  readonly outcome: string;
  readonly action: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** One call with its arguments as text, the way a model's service sends them. */
function written(text: string, id: string): AIMessage {
  return new AIMessage({
    content: '',
    tool_calls: [{ id, name: 'gmail_messages_list', args: {}, type: 'tool_call' }],
    additional_kwargs: {
      tool_calls: [
        { id, type: 'function', function: { name: 'gmail_messages_list', arguments: text } },
      ] as never,
    },
  });
}

describe('every call that is refused before it is one is in the audit', () => {
  let test: TestDesk;
  let script: AIMessage[] = [];
  let heard: ToolMessage[] = [];
  const model: ToolModel = {
    label: 'hostile',
    invoke: (messages) => {
      heard = messages.filter((message): message is ToolMessage => message.getType() === 'tool');
      return Promise.resolve(script.shift() ?? new AIMessage('done'));
    },
  };

  beforeAll(async () => {
    test = await startTestDesk(model);
    await test.connect('google-oauth2', 'U0BEN');
  });
  afterAll(() => test.stop());

  const refusalsOf = async (messages: AIMessage[], attack: string): Promise<Refusal[]> => {
    script = messages;
    let turn = '';
    const effects = await measureAttack(test, attack, messages.length, async () => {
      turn = await test.say('U0BEN', 'go on');
      await test.desk.agent.run(turn);
    });
    expect(effects).toBe(0);
    return test.database.owner<Refusal[]>`select outcome, action, detail from agentdesk.audit_events
      where turn_id = ${turn} and type = 'call.refused' order by id`;
  };

  it.each<[string, string, boolean]>([
    ['a name twice', '{"query":"a","query":"b"}', true],
    ['a name twice, one of them escaped', '{"query":"a","\\u0071uery":"b"}', true],
    ['half a text', '{"query":"a', false],
    ['a list', '["a"]', false],
  ])('D arguments with %s', async (name, text, attack) => {
    const id = freshId();
    const refused = await refusalsOf([written(text, id)], `arguments: ${name}`);
    expect(refused).toEqual([
      {
        outcome: 'arguments_invalid',
        action: 'gmail.messages.list',
        detail: { at: 'proposal', attack, tool_call_id: id },
      },
    ]);
  });

  it('an id used again for something else counts as an attack, an unknown tool does not', async () => {
    const id = freshId();
    const read = { name: 'gmail_messages_list', args: { query: 'plan' }, id };
    const refused = await refusalsOf(
      [
        toolCalls(read),
        toolCalls({ ...read, args: { query: 'other' } }),
        toolCalls({ name: 'shell_run', args: {}, id: freshId() }),
      ],
      'an id reused, a tool unknown',
    );
    expect(refused.map(({ outcome, detail }) => [outcome, detail['attack']])).toEqual([
      ['tool_call_id_reused', true],
      ['tool_unknown', false],
    ]);
  });

  it('tells of 5,000 calls beyond the limit in one event, and answers each of them', async () => {
    const many = Array.from({ length: 5_032 }, (_, index) => ({
      name: index % 2 === 0 ? 'shell_run' : 'gmail_messages_send',
      args: { index },
      id: freshId(),
    }));
    const refused = await refusalsOf([toolCalls(...many)], '5,032 calls in one message');
    const overflow = refused.filter(({ outcome }) => outcome === 'too_many_calls');
    expect(overflow.map(({ detail }) => detail)).toEqual([
      {
        at: 'proposal',
        attack: false,
        refused: 5_000,
        limit: 32,
        actions: { unknown: 2_500, 'gmail.messages.send': 2_500 },
        first_tool_call_id: many[32]?.id,
      },
    ]);
    expect(refused).toHaveLength(33);
    // The model's service wants an answer to each call, and only one.
    expect(new Set(heard.map((message) => message.tool_call_id))).toEqual(new Set(many.map(({ id }) => id)));
    expect(heard).toHaveLength(many.length);
    const [turn] = await test.database.owner<{ id: string }[]>`
      select id from agentdesk.turns order by created_at desc limit 1`;
    expect(await listTurnCalls(test.desk.deps, turn?.id ?? '')).toEqual([]);
  });
});
