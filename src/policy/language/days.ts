import type { Weekday } from '../types.ts';
import { listOf, splitList, take, type Draft } from './draft.ts';

const WEEK: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const DAY =
  '(?:mon(?:day)?s?|tue(?:s|sday)?s?|wed(?:nesday)?s?|thu(?:rs|rsday)?s?|fri(?:day)?s?|sat(?:urday)?s?|sun(?:day)?s?)';
const EVERY = String.raw`(?:on |at |during )?(?:the |every |an? |any )?`;
const NOT = String.raw`(except |unless |but not )?`;
const RANGE = new RegExp(
  String.raw`\b${NOT}${EVERY}(?:from )?(${DAY}) (?:to|through|till|until|-) (${DAY})(?= |$)`,
);
const DAYS = new RegExp(String.raw`\b${NOT}(?:it is |it's )?${EVERY}(${listOf(`(?:on )?${DAY}`)})(?= |$)`);
const PARTS = new RegExp(
  String.raw`\b${NOT}(?:it is |it's )?${EVERY}(weekends?|weekdays?|workdays?|working days?|business days?)(?= |$)`,
);

/** "on Fridays", "on weekends", "except on Mondays", taken out of the text. */
export function readDays(draft: Draft): void {
  const range = take(draft, RANGE);
  if (range !== null) {
    const [from, to] = [indexOf(range[2] ?? ''), indexOf(range[3] ?? '')];
    const length = ((to - from + 7) % 7) + 1;
    const days = Array.from({ length }, (_, index) => WEEK[(from + index) % 7] ?? 'mon');
    keep(draft, days, range[1] !== undefined);
  }
  const parts = take(draft, PARTS);
  if (parts !== null)
    keep(draft, parts[2]?.startsWith('weekend') ? WEEK.slice(5) : WEEK.slice(0, 5), parts[1] !== undefined);
  const list = take(draft, DAYS);
  if (list !== null) {
    const days = splitList(list[2] ?? '').map((day) => WEEK[indexOf(day.replace(/^on /, ''))] ?? 'mon');
    keep(draft, days, list[1] !== undefined);
  }
}

function keep(draft: Draft, days: readonly Weekday[], isExcept: boolean): void {
  const meant = WEEK.filter((day) => days.includes(day) !== isExcept);
  draft.conditions.push({ kind: 'weekdays', days: meant });
}

function indexOf(word: string): number {
  return WEEK.findIndex((day) => word.startsWith(day));
}
