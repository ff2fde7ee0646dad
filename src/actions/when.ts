import { refuseArguments } from './arguments.ts';
import { formatInstant, localToInstant } from './zone.ts';

/**
 * A time as the catalog keeps it: `YYYY-MM-DD` for a whole day, else RFC 3339 with an offset.
 */
export type When = string;

const FORM = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/i;

/**
 * Makes a time absolute in the member's zone.
 * @param text `YYYY-MM-DD`, `YYYY-MM-DDTHH:mm` (the zone's wall clock) or RFC 3339 with an offset
 * @param zone IANA name
 * @throws DeskError `arguments_invalid` for anything else, and for days that do not exist
 */
export function resolveWhen(action: string, name: string, text: string, zone: string): When {
  const match = FORM.exec(text.trim());
  const [, date = '', time, seconds = '00', offset] = match ?? [];
  const local = new Date(`${date}T${time ?? '00:00'}:${seconds}Z`);
  if (match === null || Number.isNaN(local.getTime()) || local.toISOString().slice(0, 10) !== date) {
    throw refuseArguments(action, `${name} must be a real date or time like 2026-11-03 or 2026-11-03T15:00`);
  }
  if (time === undefined) return date;
  const instant =
    offset === undefined ? localToInstant(local, zone) : new Date(`${date}T${time}:${seconds}${offset}`);
  if (Number.isNaN(instant.getTime()))
    throw refuseArguments(action, `${name} has an offset that does not exist`);
  return formatInstant(instant, zone);
}

export function isWholeDay(when: When): boolean {
  return when.length === 10;
}

/** The day that many days later. */
export function addDays(date: string, days: number): string {
  const moved = new Date(`${date}T00:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
}

/**
 * A range that may be asked about: a day means all of it, so the end of a whole day is the next midnight.
 * @throws DeskError `arguments_invalid` when the end is not after the start
 */
export function resolveRange(
  action: string,
  from: string,
  to: string,
  zone: string,
): { from: string; to: string } {
  const start = resolveWhen(action, 'from', from, zone);
  const end = resolveWhen(action, 'to', to, zone);
  const range = {
    from: toMidnight(start, zone),
    to: toMidnight(isWholeDay(end) ? addDays(end, 1) : end, zone),
  };
  if (Date.parse(range.to) <= Date.parse(range.from)) throw refuseArguments(action, 'to must be after from');
  return range;
}

function toMidnight(when: When, zone: string): string {
  return isWholeDay(when) ? formatInstant(localToInstant(new Date(`${when}T00:00:00Z`), zone), zone) : when;
}

/**
 * The time in words, from the text alone: nothing of it is left out, so two times never look the same.
 */
export function describeWhen(when: When): string {
  const { weekday, day } = describeDay(when.slice(0, 10));
  if (isWholeDay(when)) return `${weekday} ${day}, all day`;
  const seconds = when.slice(17, 19) === '00' ? '' : when.slice(16, 19);
  return `${weekday} ${day}, ${when.slice(11, 16)}${seconds} (UTC${when.slice(19)})`;
}

function describeDay(date: string): { weekday: string; day: string } {
  const at = new Date(`${date}T00:00:00Z`);
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options }).format(at);
  return {
    weekday: format({ weekday: 'short' }),
    day: format({ day: 'numeric', month: 'short', year: 'numeric' }),
  };
}
