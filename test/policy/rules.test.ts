import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isStricter, strictest } from '../../src/policy/compare.ts';
import { evaluate } from '../../src/policy/evaluate.ts';
import type { PreparedPolicy } from '../../src/policy/prepared-policy.ts';
import { checkLayer } from '../../src/policy/rules/check-layer.ts';
import { classifyChange } from '../../src/policy/rules/classify.ts';
import { describeDiff } from '../../src/policy/rules/describe-diff.ts';
import { readLayer } from '../../src/policy/rules/schema.ts';
import type { Condition, LayerDocument, TypedRule } from '../../src/policy/rules/types.ts';
import { hoursOf, isSameOrWider } from '../../src/policy/rules/widen.ts';
import { AGENTS, anyChange, anyCondition, anyKnownCall, anyLayer } from './arbitrary.ts';
import { interpret } from './interpreter.ts';
import { callOf, CATALOG, prepare } from './policy-calls.ts';

const someCalls = fc.array(anyKnownCall, { minLength: 40, maxLength: 40 });

/** The default policy with these layers, each validated by Cedar. */
function prepareLayers(layers: { organisation?: LayerDocument; member?: LayerDocument }): PreparedPolicy {
  const compile = (document: LayerDocument, owner: string): string =>
    checkLayer(readLayer(document, owner), { catalog: CATALOG, workspaceId: 'T1', owner }).cedar;
  return prepare({
    ...(layers.organisation && { organisation: compile(layers.organisation, '') }),
    ...(layers.member && { member: compile(layers.member, 'U1') }),
  });
}

const DENY_ALL: TypedRule = {
  id: 'r',
  outcome: 'deny',
  agents: [],
  who: { roles: [], groups: [] },
  actions: ['*'],
  conditions: [],
  note: '',
};

describe('typed rules', () => {
  it('compile to Cedar that validates, and decide as a plain reading of them does', () => {
    const builtIn = prepare();
    fc.assert(
      fc.property(anyLayer(5, true), anyLayer(3), someCalls, (organisation, member, calls) => {
        const policy = prepareLayers({ organisation, member });
        for (const call of calls) {
          const expected = strictest(
            evaluate(builtIn, call).outcome,
            interpret(organisation, call),
            interpret({ ...member, agents: organisation.agents }, call),
          );
          const decision = evaluate(policy, call);
          expect(decision.problem).toBeUndefined();
          expect({ call, outcome: decision.outcome }).toEqual({ call, outcome: expected });
        }
      }),
      { numRuns: 25 },
    );
  });

  it('never loosen what they are called tightening for', () => {
    const seen = { tightening: 0, loosening: 0 };
    fc.assert(
      fc.property(anyChange, someCalls, ({ before, after }, calls) => {
        const classification = classifyChange(before, after, CATALOG);
        seen[classification] += 1;
        if (classification === 'loosening') return;
        const [was, is] = [prepareLayers({ organisation: before }), prepareLayers({ organisation: after })];
        for (const call of calls) {
          expect(isStricter(evaluate(was, call).outcome, evaluate(is, call).outcome)).toBe(false);
        }
      }),
      { numRuns: 120 },
    );
    expect(seen.tightening).toBeGreaterThan(10);
    expect(seen.loosening).toBeGreaterThan(10);
  });

  it('differ in words when they differ, and are silent when they do not', () => {
    fc.assert(
      fc.property(anyLayer(3, true), anyLayer(3, true), (before, after) => {
        expect(describeDiff(before, before, CATALOG)).toEqual([]);
        fc.pre(!isDeepStrictEqual(before.rules, after.rules));
        expect(describeDiff(before, after, CATALOG)).not.toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('hours', () => {
  it('mean the same wherever they are read, midnight included', () => {
    const mail = callOf('gmail.messages.send', { recipients: ['ben@acme.com'] });
    for (const [from, to] of [
      [0, 24],
      [24, 0],
      [0, 0],
      [24, 24],
      [22, 6],
      [24, 5],
      [22, 24],
      [22, 0],
      [9, 17],
    ] as const) {
      const rule = { ...DENY_ALL, conditions: [{ kind: 'hours' as const, from, to }] };
      const document: LayerDocument = { v: 1, rules: [rule], agents: [], grantable: [] };
      const policy = prepareLayers({ organisation: document });
      for (let hour = 0; hour < 24; hour += 1) {
        const call = { ...mail, context: { ...mail.context, hour } };
        const denied = evaluate(policy, call).outcome === 'deny';
        expect({ from, to, hour, denied }).toEqual({
          from,
          to,
          hour,
          denied: interpret(document, call) === 'deny',
        });
        expect(hoursOf({ from, to }).includes(hour)).toBe(denied);
      }
    }
  });
});

describe('a condition called wider', () => {
  it('holds wherever the narrower one does', () => {
    let wider = 0;
    const anyPair = anyCondition.chain((first) =>
      fc.tuple(
        fc.constant(first),
        anyCondition.filter(({ kind }) => kind === first.kind),
      ),
    );
    const ruleOf = (condition: Condition): LayerDocument => ({
      v: 1,
      rules: [{ ...DENY_ALL, conditions: [condition] }],
      agents: AGENTS.map((name) => ({ name, actions: ['*'] })),
      grantable: [],
    });
    fc.assert(
      fc.property(
        anyPair,
        fc.array(anyKnownCall, { minLength: 50, maxLength: 50 }),
        ([narrow, wide], calls) => {
          if (!isSameOrWider(narrow, wide)) return;
          wider += 1;
          for (const call of calls) {
            if (interpret(ruleOf(narrow), call) === 'deny')
              expect(interpret(ruleOf(wide), call)).toBe('deny');
          }
        },
      ),
      { numRuns: 1_000 },
    );
    expect(wider).toBeGreaterThan(100);
  });
});
