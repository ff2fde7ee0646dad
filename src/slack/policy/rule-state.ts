import type { Condition, ConditionKind, TypedRule } from '../../policy/rules/types.ts';
import type { ViewArgs } from '../deps.ts';

/** What stands in each input of the form of a rule: the values chosen, or the one text typed. */
export type RuleState = Readonly<Record<string, readonly string[]>>;

/** What a form sent, by input; what is empty is left out. */
export function readState(values: ViewArgs['view']['state']['values']): RuleState {
  return Object.fromEntries(
    Object.entries(values).flatMap(([input, actions]) => {
      const [held] = Object.values(actions);
      const chosen = held?.selected_options?.map(({ value }) => value);
      const one = held?.selected_option?.value ?? held?.value ?? '';
      const list = chosen ?? (one.trim() === '' ? [] : [one.trim()]);
      return list.length === 0 ? [] : [[input, list]];
    }),
  );
}

/** A rule as it stands in the form. */
export function stateOf(rule: TypedRule): RuleState {
  const state: Record<string, readonly string[]> = {
    actions: rule.actions,
    outcome: [rule.outcome],
    roles: rule.who.roles,
    groups: join(rule.who.groups),
    agents: join(rule.agents),
    note: rule.note === '' ? [] : [rule.note],
  };
  for (const condition of rule.conditions)
    for (const [input, list] of Object.entries(inputsOf(condition)))
      state[input] = [...(state[input] ?? []), ...list];
  return state;
}

function inputsOf(condition: Condition): RuleState {
  switch (condition.kind) {
    case 'recipients':
      return { recipients: [condition.is] };
    case 'recipient_domain':
      return {
        [condition.match === 'any_in' ? 'recipient_at' : 'recipient_outside']: join(condition.domains),
      };
    case 'account_domain':
      return { [condition.match === 'in' ? 'account_at' : 'account_outside']: join(condition.domains) };
    case 'recipient_count':
    case 'guest_count':
      return { [condition.kind]: [String(condition.moreThan)] };
    case 'hours':
      return { from: [String(condition.from)], to: [String(condition.to)] };
    case 'weekdays':
      return { weekdays: condition.days };
    case 'surface':
      return { surface: [condition.is] };
    case 'provenance':
      return { provenance: [condition.includes] };
    case 'repository':
      return { repository: join(condition.names) };
    case 'repository_visibility':
      return { visibility: [condition.is] };
    case 'labels':
      return { labels: join(condition.anyOf) };
    case 'calendar_shared':
      return { calendar_shared: ['yes'] };
  }
}

/** The conditions of a form, and which input each came from; what is wrong in them the policy's schema says. */
export function readConditions(state: RuleState): [input: string, condition: object][] {
  const texts = (input: string, make: (list: string[]) => object): [string, object][] =>
    state[input] === undefined ? [] : [[input, make(split(state[input][0] ?? '', input))]];
  const each = (input: string, make: (value: string) => object): [string, object][] =>
    (state[input] ?? []).map((value) => [input, make(value)]);
  const domains = (kind: ConditionKind, match: string) => (list: string[]) => ({
    kind,
    match,
    domains: list,
  });
  const count = (kind: ConditionKind) => (value: string) => ({ kind, moreThan: Number(value) });
  const [from, to] = [state['from']?.[0], state['to']?.[0]];
  return [
    ...each('recipients', (is) => ({ kind: 'recipients', is })),
    ...texts('recipient_at', domains('recipient_domain', 'any_in')),
    ...texts('recipient_outside', domains('recipient_domain', 'any_outside')),
    ...each('recipient_count', count('recipient_count')),
    ...each('guest_count', count('guest_count')),
    ...(from === undefined && to === undefined
      ? []
      : [['to', { kind: 'hours', from: Number(from ?? 0), to: Number(to ?? 24) }] as [string, object]]),
    ...(state['weekdays'] === undefined
      ? []
      : [['weekdays', { kind: 'weekdays', days: state['weekdays'] }] as [string, object]]),
    ...texts('repository', (names) => ({ kind: 'repository', names })),
    ...each('visibility', (is) => ({ kind: 'repository_visibility', is })),
    ...texts('labels', (anyOf) => ({ kind: 'labels', anyOf })),
    ...each('calendar_shared', () => ({ kind: 'calendar_shared' })),
    ...each('provenance', (includes) => ({ kind: 'provenance', includes })),
    ...each('surface', (is) => ({ kind: 'surface', is })),
    ...texts('account_at', domains('account_domain', 'in')),
    ...texts('account_outside', domains('account_domain', 'outside')),
  ];
}

function join(items: readonly string[]): string[] {
  return items.length === 0 ? [] : [items.join(', ')];
}

/** Labels may hold spaces; nothing else does. */
export function split(text: string, input: string): string[] {
  return text
    .split(input === 'labels' ? /,/ : /[\s,]+/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
