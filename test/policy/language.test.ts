import { describe, expect, it } from 'vitest';
import { catalog as actions } from '../../src/actions/catalog.ts';
import { DeskError } from '../../src/errors.ts';
import type { Reading } from '../../src/policy/language/reading.ts';
import { readByGrammar } from '../../src/policy/language/read-sentence.ts';
import { understand, type FillForm } from '../../src/policy/language/understand.ts';
import { checkLayer } from '../../src/policy/rules/check-layer.ts';
import { readLayer } from '../../src/policy/rules/schema.ts';
import { EMPTY_LAYER } from '../../src/policy/rules/types.ts';
import { utterances } from './utterances.ts';

const catalog = actions.map(({ id, service, risk }) => ({ id, service, risk }));

describe('a sentence', () => {
  it('is one of at least 60 whose meaning is fixed', () => {
    expect(utterances.length).toBeGreaterThanOrEqual(60);
    expect(new Set(utterances.map(({ say, own }) => `${say} ${own}`)).size).toBe(utterances.length);
  });

  it.each(utterances)('“$say” comes to what it should', ({ say, own, rule, asks, refuses }) => {
    const reading = readByGrammar(say, { catalog, isOwn: own === true });
    if (rule !== undefined) {
      const { outcome, actions: meant, when = [], roles = [], groups = [], agents = [] } = rule;
      const expected = { outcome, agents, who: { roles, groups }, actions: meant, conditions: when };
      expect(reading).toEqual({ kind: 'rule', rule: expected });
      // What it comes to is a rule that the policy takes, and that Cedar finds valid.
      const layer = readLayer({ ...EMPTY_LAYER, rules: [{ ...expected, id: 'said', note: '' }] }, '');
      expect(checkLayer(layer, { catalog, workspaceId: 'T1', owner: '' }).cedar).toContain('forbid');
    } else if (asks !== undefined) {
      expect(reading).toMatchObject({ kind: 'question', question: expect.stringContaining(asks) });
    } else {
      expect(reading).toMatchObject({ kind: 'refusal', why: expect.stringContaining(refuses ?? '') });
    }
  });
});

describe('a sentence that a model reads', () => {
  const read = async (said: unknown, sentence = 'Never send mail'): Promise<[Reading, string[]]> => {
    const seen: string[] = [];
    const fill: FillForm = (form) => {
      seen.push(form.text);
      return said instanceof Error ? Promise.reject(said) : Promise.resolve(said);
    };
    return [await understand(sentence, { catalog, isOwn: false }, fill), seen];
  };
  const byGrammar = readByGrammar('Never send mail', { catalog, isOwn: false });
  const rule = {
    outcome: 'approve_strong',
    agents: [],
    who: { roles: [], groups: [] },
    actions: ['gmail.drafts.create'],
    conditions: [{ kind: 'recipient_domain', match: 'any_in', domains: ['ACME.com'] }],
  };

  it('is what the model says when that is a rule, and the model sees the sentence alone', async () => {
    const [reading, seen] = await read({ answer: { kind: 'rule', rule } });
    expect(reading).toMatchObject({
      kind: 'rule',
      rule: { ...rule, conditions: [{ domains: ['acme.com'] }] },
    });
    expect(seen).toEqual(['Never send mail']);
    expect((await read({ answer: { kind: 'question', question: 'Which?' } }))[0]).toEqual({
      kind: 'question',
      question: 'Which?',
    });
  });

  it.each([
    ['nothing', null],
    ['another form', { kind: 'rule', rule }],
    ['an outcome that loosens', { answer: { kind: 'rule', rule: { ...rule, outcome: 'allow' } } }],
    [
      'an action that is none',
      { answer: { kind: 'rule', rule: { ...rule, actions: ['gmail.messages.burn'] } } },
    ],
    ['a field of its own', { answer: { kind: 'rule', rule: { ...rule, note: 'x' } } }],
    [
      'Cedar',
      {
        answer: {
          kind: 'rule',
          rule: { id: 'x', cedar: 'permit (principal, action, resource);', reason: 'x' },
        },
      },
    ],
    ['an error', new DeskError('model_unreachable')],
  ])('is read by the grammar when the model gives %s', async (_, said) => {
    expect((await read(said))[0]).toEqual(byGrammar);
  });

  it('is one line of at most 300 characters', async () => {
    expect((await read(null, `Never ${'x'.repeat(300)}`))[0]).toMatchObject({ kind: 'refusal' });
    expect((await read(null, 'Never send\nmail'))[0]).toMatchObject({ kind: 'question' });
    expect((await read(null, ' '))[1]).toEqual([]);
  });
});
