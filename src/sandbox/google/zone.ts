/** Whether the runtime knows this IANA zone. */
export function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).format(0) !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Minutes that the zone is ahead of UTC at an instant (milliseconds since the epoch). */
function offsetMinutes(zone: string, instant: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant);
  const read = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  const wall = Date.UTC(
    read('year'),
    read('month') - 1,
    read('day'),
    read('hour'),
    read('minute'),
    read('second'),
  );
  return Math.round((wall - Math.floor(instant / 1000) * 1000) / 60_000);
}

/** The instant of a wall time (`YYYY-MM-DDTHH:mm[:ss]`) in a zone; in a gap, the time after it. */
export function instantOf(zone: string, wall: string): number {
  const asUtc = Date.parse(`${wall}Z`);
  const guess = asUtc - offsetMinutes(zone, asUtc) * 60_000;
  return asUtc - offsetMinutes(zone, guess) * 60_000;
}

/** RFC 3339 with the zone's offset, to the second. */
export function formatIn(zone: string, instant: number): string {
  const minutes = offsetMinutes(zone, instant);
  const wall = new Date(instant + minutes * 60_000).toISOString().slice(0, 19);
  if (minutes === 0) return `${wall}Z`;
  const size = Math.abs(minutes);
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${wall}${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

/** `YYYY-MM-DD` in the zone, `days` later. */
export function dayIn(zone: string, instant: number, days = 0): string {
  const day = new Date(`${formatIn(zone, instant).slice(0, 10)}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}

const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** Milliseconds since the epoch of an RFC 3339 date-time with offset; null for anything else. */
export function parseInstant(text: string): number | null {
  const value = RFC3339.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(value) ? null : value;
}
