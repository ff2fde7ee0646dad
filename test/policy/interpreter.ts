import { strictest } from '../../src/policy/compare.ts';
import type { Condition, LayerDocument, TypedRule } from '../../src/policy/rules/types.ts';
import type { Outcome, PolicyCall } from '../../src/policy/types.ts';
import { CATALOG } from './policy-calls.ts';

/**
 * What a layer asks of a call, told the plainest way: by looking. Written apart from the compiler, so that the two can
 * disagree.
 */
export function interpret(layer: LayerDocument, call: PolicyCall): Outcome {
  const known = call.agent === 'default' || layer.agents.some(({ name }) => name === call.agent);
  const tools = layer.agents.find(({ name }) => name === call.agent)?.actions ?? ['*'];
  const mayUse = known && meansAction(tools, call.action);
  const outcomes = layer.rules
    .filter((rule): rule is TypedRule => 'outcome' in rule)
    .filter((rule) => applies(rule, call))
    .map(({ outcome }) => outcome);
  return strictest(mayUse ? 'allow' : 'deny', ...outcomes);
}

function applies(rule: TypedRule, call: PolicyCall): boolean {
  const { roles, groups } = rule.who;
  const isMeant =
    roles.length + groups.length === 0 ||
    roles.includes(call.member.role) ||
    groups.some((group) => call.member.groups?.includes(group));
  return (
    isMeant &&
    (rule.agents.length === 0 || rule.agents.includes(call.agent)) &&
    meansAction(rule.actions, call.action) &&
    rule.conditions.every((condition) => holds(condition, call))
  );
}

function meansAction(patterns: readonly string[], action: string): boolean {
  const entry = CATALOG.find(({ id }) => id === action);
  return (
    patterns.includes('*') ||
    patterns.includes(action) ||
    patterns.includes(`service:${entry?.service}`) ||
    patterns.includes(`risk:${entry?.risk}`)
  );
}

const HAS: Record<Condition['kind'], readonly string[]> = {
  recipients: ['gmail', 'calendar'],
  recipient_domain: ['gmail', 'calendar'],
  recipient_count: ['gmail', 'calendar'],
  guest_count: ['calendar'],
  calendar_shared: ['calendar'],
  repository: ['github'],
  repository_visibility: ['github'],
  labels: ['github'],
  hours: ['gmail', 'calendar', 'github'],
  weekdays: ['gmail', 'calendar', 'github'],
  surface: ['gmail', 'calendar', 'github'],
  provenance: ['gmail', 'calendar', 'github'],
  account_domain: ['gmail', 'calendar', 'github'],
};

function holds(condition: Condition, call: PolicyCall): boolean {
  const { facts, context } = call;
  if (!HAS[condition.kind].includes(call.action.split('.')[0] ?? '')) return false;
  const recipients = list(facts.recipients);
  const domains = recipients?.map((address) => address.split('@')[1] ?? '');
  switch (condition.kind) {
    case 'recipients':
      return condition.is === 'external'
        ? domains === null || domains === undefined || domains.some((domain) => domain !== 'acme.com')
        : (recipients === null || recipients.length > 0) && context.firstTimeRecipients !== false;
    case 'recipient_domain':
      return (
        domains === undefined ||
        domains.some((domain) => condition.domains.includes(domain) === (condition.match === 'any_in'))
      );
    case 'recipient_count':
      return recipients === null || recipients.length > condition.moreThan;
    case 'guest_count': {
      const guests = list(facts.guests)?.filter((guest) => guest !== call.account.label);
      return guests === undefined || guests.length > condition.moreThan;
    }
    case 'hours': {
      // Every hour that begins within the time from `from` on, around midnight when `to` is the smaller number.
      const length = condition.to - condition.from + (condition.from > condition.to ? 24 : 0);
      const hours = Array.from({ length }, (_, passed) => (condition.from + passed) % 24);
      return hours.includes(context.hour);
    }
    case 'weekdays':
      return condition.days.includes(context.weekday);
    case 'surface':
      return condition.is === context.surface;
    case 'provenance':
      return !context.provenance || context.provenance.includes(condition.includes);
    case 'repository': {
      const name = facts.repository?.toLowerCase();
      return (
        name === undefined ||
        condition.names.some((wanted) => wanted === name || wanted === `${name.split('/')[0]}/*`)
      );
    }
    case 'repository_visibility':
      return !facts.repositoryVisibility || facts.repositoryVisibility === condition.is;
    case 'labels':
      return !facts.labels || facts.labels.some((name) => condition.anyOf.includes(name.toLowerCase()));
    case 'calendar_shared':
      return facts.calendarShared !== false;
    case 'account_domain':
      return (condition.match === 'in') === condition.domains.includes(call.account.domain ?? '');
  }
}

/** Distinct addresses; null when they are not known or one cannot be read. */
function list(addresses: readonly string[] | null | undefined): string[] | null {
  if (!addresses || addresses.some((address) => !/^[a-z]+@[a-z.]+$/i.test(address))) return null;
  return [...new Set(addresses.map((address) => address.toLowerCase()))];
}
