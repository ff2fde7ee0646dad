import fc from 'fast-check';
import type { Condition, LayerDocument, TypedRule } from '../../src/policy/rules/types.ts';
import type { PolicyCall, PolicyFacts } from '../../src/policy/types.ts';
import { CATALOG } from './policy-calls.ts';

/** Random rules and random calls over a small world, so that they meet often. */
const DOMAINS = ['acme.com', 'b.example', 'evil.example'];
const REPOSITORIES = ['acme/website', 'acme/app', 'else/where'];
const LABELS = ['bug', 'security', 'later'];
export const AGENTS = ['default', 'triage', 'mailer'];
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const ROLES = ['admin', 'member', 'guest'] as const;

const some = <T>(items: readonly T[]): fc.Arbitrary<T[]> =>
  fc.uniqueArray(fc.constantFrom(...items), { minLength: 1 });
const hour = fc.integer({ min: 0, max: 24 });
const small = fc.integer({ min: 0, max: 3 });

export const anyCondition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    kind: fc.constant('recipients' as const),
    is: fc.constantFrom('external' as const, 'first_time' as const),
  }),
  fc.record({
    kind: fc.constant('recipient_domain' as const),
    match: fc.constantFrom('any_in' as const, 'any_outside' as const),
    domains: some(DOMAINS),
  }),
  fc.record({ kind: fc.constant('recipient_count' as const), moreThan: small }),
  fc.record({ kind: fc.constant('guest_count' as const), moreThan: small }),
  fc.record({ kind: fc.constant('hours' as const), from: hour, to: hour }),
  fc.record({ kind: fc.constant('weekdays' as const), days: some(DAYS) }),
  fc.record({
    kind: fc.constant('surface' as const),
    is: fc.constantFrom('dm' as const, 'channel' as const),
  }),
  fc.record({
    kind: fc.constant('provenance' as const),
    includes: fc.constantFrom('fetched' as const, 'agent' as const),
  }),
  fc.record({ kind: fc.constant('repository' as const), names: some([...REPOSITORIES, 'acme/*']) }),
  fc.record({
    kind: fc.constant('repository_visibility' as const),
    is: fc.constantFrom('public' as const, 'private' as const, 'internal' as const),
  }),
  fc.record({ kind: fc.constant('labels' as const), anyOf: some(LABELS) }),
  fc.record({ kind: fc.constant('calendar_shared' as const) }),
  fc.record({
    kind: fc.constant('account_domain' as const),
    match: fc.constantFrom('in' as const, 'outside' as const),
    domains: some(DOMAINS),
  }),
);

export const anyRule: fc.Arbitrary<TypedRule> = fc.record({
  id: fc.constant('r'),
  outcome: fc.constantFrom('approve' as const, 'approve_strong' as const, 'deny' as const),
  agents: fc.oneof(fc.constant<string[]>([]), some(AGENTS)),
  who: fc.record({
    roles: fc.oneof(fc.constant<(typeof ROLES)[number][]>([]), some(ROLES)),
    groups: fc.oneof(fc.constant<string[]>([]), some(['S1', 'S2'])),
  }),
  actions: fc.oneof(
    fc.constant(['*']),
    some([...CATALOG.map(({ id }) => id), 'service:gmail', 'service:github', 'risk:write', 'risk:read']),
  ),
  conditions: fc.array(anyCondition, { maxLength: 3 }),
  note: fc.constant(''),
});

const anyTools = fc.oneof(
  fc.constant<string[]>([]),
  some(['*', 'service:github', 'risk:read', 'gmail.messages.send']),
);

/** A layer with at most `most` rules; agents only where they may be. */
export function anyLayer(most: number, withAgents = false): fc.Arbitrary<LayerDocument> {
  return fc.record({
    v: fc.constant(1 as const),
    rules: fc
      .array(anyRule, { maxLength: most })
      .map((rules) => rules.map((rule, index) => ({ ...rule, id: `r${index}` }))),
    agents: withAgents
      ? fc
          .uniqueArray(fc.constantFrom('default', 'triage'))
          .chain((names) => fc.tuple(...names.map((name) => anyTools.map((actions) => ({ name, actions })))))
      : fc.constant([]),
    grantable: withAgents ? fc.oneof(fc.constant<string[]>([]), anyTools) : fc.constant([]),
  });
}

/** A layer, and what an edit of one thing in it made of it. */
export const anyChange: fc.Arbitrary<{ before: LayerDocument; after: LayerDocument }> = fc
  .record({
    before: anyLayer(2, true),
    other: anyLayer(2, true),
    field: fc.constantFrom('outcome', 'agents', 'who', 'actions', 'conditions', 'fewer', 'tools', 'more'),
  })
  .map(({ before, other, field }) => {
    const [rule, ...rest] = before.rules as TypedRule[];
    const [spare] = other.rules as TypedRule[];
    if (field === 'tools') return { before, after: { ...before, agents: other.agents } };
    if (rule === undefined || spare === undefined) return { before, after: other };
    if (field === 'more')
      return { before, after: { ...before, rules: [...before.rules, { ...spare, id: 'new' }] } };
    const changed =
      field === 'fewer'
        ? { ...rule, conditions: rule.conditions.slice(1) }
        : { ...rule, [field]: spare[field as 'outcome'] };
    return { before, after: { ...before, rules: [changed, ...rest] } };
  });

const address = fc
  .tuple(fc.constantFrom('ada', 'Ben', 'cleo', 'dan'), fc.constantFrom(...DOMAINS, 'ACME.com'))
  .map(([name, domain]) => `${name}@${domain}`);
const addresses = fc.option(
  fc.array(fc.oneof({ weight: 20, arbitrary: address }, { weight: 1, arbitrary: fc.string() }), {
    maxLength: 5,
  }),
);
const anyFacts: fc.Arbitrary<PolicyFacts> = fc.record(
  {
    recipients: addresses,
    guests: addresses,
    repository: fc.option(fc.constantFrom(...REPOSITORIES, 'Acme/App')),
    repositoryVisibility: fc.option(fc.constantFrom('public', 'private', 'internal')),
    labels: fc.option(fc.array(fc.constantFrom(...LABELS, 'Bug'))),
    calendarShared: fc.option(fc.boolean()),
  },
  { requiredKeys: [] },
);

export const anyKnownCall: fc.Arbitrary<PolicyCall> = fc.record({
  agent: fc.constantFrom(...AGENTS),
  member: fc.record({
    workspaceId: fc.constant('T1'),
    id: fc.constant('U1'),
    role: fc.constantFrom(...ROLES),
    groups: fc.uniqueArray(fc.constantFrom('S1', 'S2')),
  }),
  action: fc.constantFrom(...CATALOG.map(({ id }) => id)),
  account: fc.record({
    connection: fc.constant('google-oauth2'),
    label: fc.constantFrom('ada@acme.com', 'ben@b.example'),
    domain: fc.option(fc.constantFrom(...DOMAINS)),
  }),
  facts: anyFacts,
  context: fc.record(
    {
      ownDomains: fc.constant(['acme.com']),
      firstTimeRecipients: fc.option(fc.boolean()),
      hour: fc.integer({ min: 0, max: 23 }),
      weekday: fc.constantFrom(...DAYS),
      surface: fc.constantFrom('dm' as const, 'channel' as const),
      provenance: fc.option(
        fc.uniqueArray(fc.constantFrom('member' as const, 'fetched' as const, 'agent' as const)),
      ),
    },
    { requiredKeys: ['ownDomains', 'firstTimeRecipients', 'hour', 'weekday', 'surface'] },
  ),
});
