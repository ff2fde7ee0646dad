import { refuse, refuseInvalid } from './errors.ts';
import type { CalendarTime } from './calendar-state.ts';
import { formatIn, instantOf, isZone, parseInstant } from './zone.ts';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const WALL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/;

/**
 * `start` or `end` as a client sends it. A date-time without offset needs a zone beside it.
 * @throws Refusal 400 in Calendar's words
 */
export function parseEventTime(value: unknown, name: 'start' | 'end'): CalendarTime {
  if (typeof value !== 'object' || value === null) {
    throw refuse('calendar', { status: 400, reason: 'required', inner: `Missing ${name} time.` });
  }
  const { date, dateTime, timeZone } = value as Record<string, unknown>;
  const zone = typeof timeZone === 'string' && timeZone !== '' ? timeZone : undefined;
  if (zone !== undefined && !isZone(zone)) {
    throw refuseInvalid('calendar', `Invalid time zone definition for ${name} time.`);
  }
  if (typeof date === 'string' && dateTime !== undefined && dateTime !== null) {
    throw refuseInvalid('calendar', `Invalid ${name} time.`);
  }
  if (typeof date === 'string') {
    if (!DATE.test(date) || Number.isNaN(Date.parse(date)))
      throw refuseInvalid('calendar', `Invalid ${name} time.`);
    return { date };
  }
  if (typeof dateTime !== 'string') {
    throw refuse('calendar', { status: 400, reason: 'required', inner: `Missing ${name} time.` });
  }
  const instant = parseInstant(dateTime) ?? parseWall(dateTime, zone, name);
  return { instant: new Date(instant).toISOString(), ...(zone !== undefined && { timeZone: zone }) };
}

/** A patch names only what changes inside `start` or `end`; the rest stays, and `null` clears. */
export function mergeTime(before: CalendarTime, given: unknown): unknown {
  if (given === undefined || typeof given !== 'object') return given ?? asGiven(before);
  return { ...asGiven(before), ...given };
}

function asGiven(time: CalendarTime): Record<string, unknown> {
  return { date: time.date, dateTime: time.instant, timeZone: time.timeZone };
}

function parseWall(dateTime: string, zone: string | undefined, name: string): number {
  if (!WALL.test(dateTime) || Number.isNaN(Date.parse(`${dateTime}Z`))) {
    throw refuseInvalid('calendar', `Invalid ${name} time.`);
  }
  if (zone === undefined) throw refuseInvalid('calendar', `Missing time zone definition for ${name} time.`);
  return instantOf(zone, dateTime);
}

/** @throws Refusal 400 when the two do not make a range */
export function checkRange(start: CalendarTime, end: CalendarTime): void {
  if ((start.date === undefined) !== (end.date === undefined)) {
    throw refuseInvalid('calendar', 'Start and end times must either both be date or both be dateTime.');
  }
  const empty =
    start.date !== undefined ? (end.date ?? '') <= start.date : (end.instant ?? '') < (start.instant ?? '');
  if (empty) throw refuseEmptyRange();
}

export function refuseEmptyRange(): ReturnType<typeof refuse> {
  return refuse('calendar', {
    status: 400,
    domain: 'calendar',
    reason: 'timeRangeEmpty',
    inner: 'The specified time range is empty.',
    locationType: 'parameter',
    location: 'timeMax',
  });
}

/** Milliseconds since the epoch; an all-day time begins at midnight in `zone`. */
export function toInstant(time: CalendarTime, zone: string): number {
  return time.date !== undefined ? instantOf(zone, `${time.date}T00:00:00`) : Date.parse(time.instant ?? '');
}

/** As Calendar answers it: in the zone of the answer, whatever zone it was written in. */
export function renderTime(time: CalendarTime, zone: string): Record<string, string> {
  if (time.date !== undefined) return { date: time.date };
  return { dateTime: formatIn(zone, Date.parse(time.instant ?? '')), timeZone: time.timeZone ?? zone };
}
