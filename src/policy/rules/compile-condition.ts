import type { Condition } from './types.ts';

/** A Cedar expression that is true when the condition holds or the fact it asks about is not known. */
export function compileCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'recipients':
      return condition.is === 'external' ? 'context.externalRecipients' : 'context.firstTimeRecipients';
    case 'recipient_domain':
      return whenKnown(
        'recipientDomains',
        condition.match === 'any_in'
          ? `context.recipientDomains.containsAny(${writeSet(condition.domains)})`
          : `!${writeSet(condition.domains)}.containsAll(context.recipientDomains)`,
      );
    case 'recipient_count':
      return `context.recipientCount > ${condition.moreThan}`;
    case 'guest_count':
      return `context.guestCount > ${condition.moreThan}`;
    case 'hours':
      return compileHours(condition.from, condition.to);
    case 'weekdays':
      return `${writeSet(condition.days, 'Weekday::')}.contains(context.weekday)`;
    case 'surface':
      return `context.surface == Surface::${writeText(condition.is)}`;
    case 'provenance':
      return whenKnown('provenance', `context.provenance.contains(${writeText(condition.includes)})`);
    case 'repository':
      return whenKnown('repository', compileRepositories(condition.names));
    case 'repository_visibility':
      return whenKnown(
        'repositoryVisibility',
        `context.repositoryVisibility == Visibility::${writeText(condition.is)}`,
      );
    case 'labels':
      return whenKnown('labels', `context.labels.containsAny(${writeSet(condition.anyOf)})`);
    case 'calendar_shared':
      return 'context.calendarShared';
    case 'account_domain': {
      // An account without a domain is a personal one: known, and outside of every organisation.
      const inside = `resource has domain && ${writeSet(condition.domains)}.contains(resource.domain)`;
      return condition.match === 'in' ? inside : `!(${inside})`;
    }
  }
}

function compileHours(from: number, to: number): string {
  if (from === to) return 'false';
  return from < to
    ? `context.hour >= ${from} && context.hour < ${to}`
    : `context.hour >= ${from} || context.hour < ${to}`;
}

function compileRepositories(names: readonly string[]): string {
  const owners = names.filter((name) => name.endsWith('/*'));
  const exact = names.filter((name) => !name.endsWith('/*'));
  return [
    ...(exact.length > 0 ? [`${writeSet(exact)}.contains(context.repository)`] : []),
    ...owners.map((owner) => `context.repository like ${writeText(owner)}`),
  ].join(' || ');
}

function whenKnown(attribute: string, expression: string): string {
  return `if context has ${attribute} then ${expression} else true`;
}

/** A set literal, of strings or of entities when a type such as `Weekday::` is given. */
export function writeSet(items: readonly string[], type = ''): string {
  return `[${items.map((item) => `${type}${writeText(item)}`).join(', ')}]`;
}

/** A string literal. Control characters, which Cedar and JSON write differently, never get here. */
export function writeText(text: string): string {
  return JSON.stringify(text);
}
