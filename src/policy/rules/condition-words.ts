import type { Weekday } from '../types.ts';
import type { Condition } from './types.ts';
import { joinWords } from './word-lists.ts';

const DAYS: Readonly<Record<Weekday, string>> = {
  mon: 'Mondays',
  tue: 'Tuesdays',
  wed: 'Wednesdays',
  thu: 'Thursdays',
  fri: 'Fridays',
  sat: 'Saturdays',
  sun: 'Sundays',
};
const WEEK = Object.keys(DAYS) as Weekday[];

/**
 * A condition as the end of a sentence: "in public repositories", "when there are more than 10 guests".
 * @param most how many items of a list are named
 */
export function describeCondition(condition: Condition, most = Infinity): string {
  switch (condition.kind) {
    case 'recipients':
      return condition.is === 'external'
        ? 'when a recipient is outside your organisation'
        : 'when a recipient was never written to before';
    case 'recipient_domain':
      return `when a recipient is ${describeDomains(condition.match === 'any_in' ? 'at' : 'outside', condition.domains, most)}`;
    case 'recipient_count':
      return countAbove(condition.moreThan, 'recipient');
    case 'guest_count':
      return countAbove(condition.moreThan, 'guest');
    case 'hours':
      return `between ${clock(condition.from)} and ${clock(condition.to)}`;
    case 'weekdays':
      return `on ${joinWords(
        WEEK.filter((day) => condition.days.includes(day)).map((day) => DAYS[day]),
        'and',
      )}`;
    case 'surface':
      return condition.is === 'dm' ? 'when asked in a direct message' : 'when asked in a channel';
    case 'provenance':
      return condition.includes === 'fetched'
        ? 'when a target comes from fetched content'
        : 'when the agent chose a target by itself';
    case 'repository':
      return `in ${joinWords(condition.names.map(nameRepository), 'or', most)}`;
    case 'repository_visibility':
      return `in ${condition.is} repositories`;
    case 'labels':
      return `with the label ${joinWords(condition.anyOf, 'or', most)}`;
    case 'calendar_shared':
      return 'on calendars that others can read';
    case 'account_domain':
      return `with an account ${describeDomains(condition.match === 'in' ? 'of' : 'outside', condition.domains, most)}`;
  }
}

/** Where before when, and what needs a clause of its own last; otherwise as the author put them. */
export function orderConditions(conditions: readonly Condition[]): Condition[] {
  return conditions
    .map((condition) => ({ condition, rank: rankOf(describeCondition(condition)) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ condition }) => condition);
}

function rankOf(words: string): number {
  if (words.startsWith('when ')) return 2;
  return words.startsWith('between ') || words.startsWith('on ') ? 1 : 0;
}

function describeDomains(word: 'at' | 'of' | 'outside', domains: readonly string[], most: number): string {
  return `${word} ${joinWords(domains, word === 'outside' ? 'and' : 'or', most)}`;
}

function nameRepository(name: string): string {
  return name.endsWith('/*') ? `the repositories of ${name.slice(0, -2)}` : name;
}

function countAbove(number: number, noun: string): string {
  if (number === 0) return `when there is a ${noun}`;
  return number === 1 ? `when there is more than 1 ${noun}` : `when there are more than ${number} ${noun}s`;
}

function clock(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}
