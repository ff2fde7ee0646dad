/** Wall-clock time without a zone: `YYYY-MM-DDTHH:mm`, or `YYYY-MM-DD` for a whole day. */
export type Local = string;

/** Now, as the member's wall clock shows it. */
export interface Clock {
  readonly instant: Date;
  /** IANA zone. */
  readonly timeZone: string;
  readonly now: Local;
}

/**
 * @param timeZone IANA zone
 * @throws RangeError when the zone is unknown
 */
export function createClock(instant: Date, timeZone: string): Clock {
  return { instant, timeZone, now: toLocal(instant, timeZone) };
}

/** The wall clock of `timeZone` at `instant`, to the minute. */
export function toLocal(instant: Date, timeZone: string): Local {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(instant);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`;
}

/** The instant at which `timeZone` shows `local`; a time skipped by a clock change becomes the one after it. */
export function toInstant(local: Local, timeZone: string): Date {
  const wanted = wallMs(local);
  let guess = wanted;
  // Two rounds settle it: the first offset may belong to the other side of a clock change.
  for (let round = 0; round < 2; round += 1) {
    guess += wanted - wallMs(toLocal(new Date(guess), timeZone));
  }
  return new Date(guess);
}

/** Minutes as they really pass, so that an hour across a clock change stays an hour. */
export function addMinutes(local: Local, minutes: number, timeZone: string): Local {
  return toLocal(new Date(toInstant(local, timeZone).getTime() + minutes * 60_000), timeZone);
}

/** Days on the calendar; the time of day stays as it is. */
export function addDays(local: Local, days: number): Local {
  return new Date(wallMs(local) + days * 86_400_000).toISOString().slice(0, local.length);
}

/** 1 is Monday, 7 is Sunday (ISO 8601). */
export function weekdayOf(local: Local): number {
  return new Date(wallMs(local)).getUTCDay() || 7;
}

/** Milliseconds of a wall-clock time, counted as if it were UTC: only differences mean something. */
export function wallMs(local: Local): number {
  return Date.parse(`${local.length === 10 ? `${local}T00:00` : local}Z`);
}

/** A provider's time (RFC 3339, or a date for all-day events) on the member's wall clock. */
export function readProviderTime(text: string, timeZone: string): Local {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return text;
  if (!/(?:Z|[+-]\d\d:?\d\d)$/.test(text)) return text.slice(0, 16);
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? text.slice(0, 16) : toLocal(instant, timeZone);
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "Tue 3 Nov" */
export function sayDay(local: Local): string {
  const day = new Date(wallMs(local));
  return `${DAYS[weekdayOf(local) - 1]} ${day.getUTCDate()} ${MONTHS[day.getUTCMonth()]}`;
}

/** "Tue 3 Nov, 15:00–16:00", with the second day named only when it is another one; whole days end with their last day. */
export function saySpan(start: Local, end: Local): string {
  if (start.length === 10) {
    return end > start ? `${sayDay(start)} – ${sayDay(end)}, all day` : `${sayDay(start)}, all day`;
  }
  const from = `${sayDay(start)}, ${start.slice(11)}`;
  return start.slice(0, 10) === end.slice(0, 10)
    ? `${from}–${end.slice(11)}`
    : `${from} – ${sayDay(end)}, ${end.slice(11)}`;
}
