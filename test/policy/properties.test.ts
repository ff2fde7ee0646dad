import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isStricter, strictest } from '../../src/policy/compare.ts';
import { evaluate } from '../../src/policy/evaluate.ts';
import type { PolicyCall, PolicyFacts } from '../../src/policy/types.ts';
import { compileLayer } from '../../src/policy/rules/compile.ts';
import type { LayerDocument, TypedRule } from '../../src/policy/rules/types.ts';
import { anyKnownCall, anyLayer as anyTypedLayer } from './arbitrary.ts';
import { CATALOG, forbid, prepare } from './policy-calls.ts';

const CONDITIONS = [
  'context.hour >= 15',
  'context.weekday == Weekday::"fri"',
  'context.externalRecipients',
  'context.firstTimeRecipients',
  'context.recipientCount > 2',
  'context.guestCount * 3000000000000000000 > 5',
  'context.calendarShared',
  'context.repositoryPublic',
  'context has recipients && context.recipients.contains("a@acme.com")',
  'context has labels && context.labels.contains("bug")',
  'principal in Group::"T1/S1"',
  'action in Action::"risk:write"',
];
const TIERS = [
  '',
  ' && context.tier == Tier::"none"',
  ' && context.tier != Tier::"strong"',
  ' && context.tier == Tier::"approved"',
];

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('a@acme.com', 'b@evil.example', 'bug', 'S1'),
);
const anyFacts: fc.Arbitrary<PolicyFacts> = fc.record(
  {
    recipients: fc.option(fc.array(anyText)),
    guests: fc.option(fc.array(anyText)),
    repository: fc.option(anyText),
    repositoryVisibility: fc.option(fc.constantFrom('public', 'private', 'internal')),
    labels: fc.option(fc.array(anyText)),
    calendar: fc.option(anyText),
    calendarShared: fc.option(fc.boolean()),
  },
  { requiredKeys: [] },
);
const anyCall: fc.Arbitrary<PolicyCall> = fc.record({
  agent: anyText,
  member: fc.record({
    workspaceId: fc.constantFrom('T1', 'T2'),
    id: anyText,
    role: fc.constantFrom('admin', 'member', 'guest'),
    groups: fc.array(anyText),
  }),
  action: fc.oneof(fc.constantFrom(...CATALOG.map(({ id }) => id)), anyText),
  account: fc.record({ connection: anyText, label: anyText, domain: fc.option(anyText) }),
  facts: anyFacts,
  context: fc.record({
    ownDomains: fc.array(anyText),
    firstTimeRecipients: fc.option(fc.boolean()),
    hour: fc.integer({ min: -1, max: 24 }),
    weekday: fc.constantFrom('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'),
    surface: fc.constantFrom('dm', 'channel'),
  }),
});
const anyLayer = fc
  .array(fc.tuple(fc.constantFrom(...CONDITIONS), fc.constantFrom(...TIERS)), { maxLength: 4 })
  .map((rules) =>
    rules.map(([condition, tier], index) => forbid(`r${index}`, `when { (${condition})${tier} }`)).join('\n'),
  );
const someCalls = fc.array(anyCall, { minLength: 20, maxLength: 20 });

describe('evaluation', () => {
  it('is total: every call gets an outcome and at least one rule with a sentence', () => {
    fc.assert(
      fc.property(anyLayer, anyLayer, someCalls, (organisation, member, calls) => {
        const policy = prepare({ organisation, member });
        for (const call of calls) {
          const { outcome, rules } = evaluate(policy, call);
          expect(['allow', 'approve', 'approve_strong', 'deny']).toContain(outcome);
          expect(rules.length).toBeGreaterThan(0);
          expect(rules.every(({ reason }) => reason.length > 0)).toBe(true);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('is never looser than any of its layers, and so never loosened by one more', () => {
    fc.assert(
      fc.property(anyLayer, anyLayer, someCalls, (organisation, member, calls) => {
        const [both, first, second] = [
          prepare({ organisation, member }),
          prepare({ organisation }),
          prepare({ member }),
        ];
        for (const call of calls) {
          const least = strictest(evaluate(first, call).outcome, evaluate(second, call).outcome);
          expect(isStricter(least, evaluate(both, call).outcome)).toBe(false);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('lets deny win: one more forbid denies whatever else is permitted', () => {
    fc.assert(
      fc.property(anyLayer, someCalls, (organisation, calls) => {
        const policy = prepare({ organisation, member: forbid('never', '') });
        for (const call of calls) expect(evaluate(policy, call).outcome).toBe('deny');
      }),
      { numRuns: 10 },
    );
  });

  it('gives the same decision for the same call', () => {
    fc.assert(
      fc.property(anyLayer, someCalls, (organisation, calls) => {
        const [policy, again] = [prepare({ organisation }), prepare({ organisation })];
        for (const call of calls) expect(evaluate(again, call)).toEqual(evaluate(policy, call));
      }),
      { numRuns: 10 },
    );
  });
});

describe('evaluation under typed rules', () => {
  const layers = fc.tuple(anyTypedLayer(6, true), anyTypedLayer(6));
  const compile = (document: LayerDocument, owner: string): string =>
    compileLayer(document, { catalog: CATALOG, workspaceId: 'T1', owner });

  const never: TypedRule = {
    id: 'never',
    outcome: 'deny',
    agents: [],
    who: { roles: [], groups: [] },
    actions: ['*'],
    conditions: [],
    note: '',
  };

  it('decides 10,000 random calls under random policies: none in error, none loosened by a member, never wins', () => {
    const times: number[] = [];
    fc.assert(
      fc.property(
        layers,
        fc.array(anyKnownCall, { minLength: 200, maxLength: 200 }),
        ([document, own], calls) => {
          const organisation = compile(document, '');
          const member = compile(own, 'U1');
          const [above, both] = [prepare({ organisation }), prepare({ organisation, member })];
          const rules = [...own.rules, never];
          const denied = prepare({ organisation, member: compile({ ...own, rules }, 'U1') });
          for (const call of calls) {
            const started = performance.now();
            const { outcome, rules: why, problem } = evaluate(both, call);
            times.push(performance.now() - started);
            expect(problem).toBeUndefined();
            expect(why.length).toBeGreaterThan(0);
            expect(isStricter(evaluate(above, call).outcome, outcome)).toBe(false);
            expect(evaluate(denied, call).outcome).toBe('deny');
          }
        },
      ),
      { numRuns: 50 },
    );
    expect(times.length).toBeGreaterThanOrEqual(10_000);
    const at = (share: number): string =>
      (times.sort((a, b) => a - b)[Math.floor(times.length * share)] ?? 0).toFixed(2);
    console.log(`${times.length} evaluations: median ${at(0.5)} ms, p99 ${at(0.99)} ms`);
  }, 600_000);
});
