const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** How far the zone's clock is ahead of UTC at that instant, in minutes. @param zone IANA name */
function offsetMinutes(instant: Date, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    timeZoneName: 'longOffset',
  }).formatToParts(instant);
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const match = /([+-])(\d{2}):(\d{2})/.exec(name);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '-' ? -minutes : minutes;
}

/** The instant as RFC 3339 with the zone's offset at that instant, to the second. */
export function formatInstant(instant: Date, zone: string): string {
  const offset = offsetMinutes(instant, zone);
  const local = new Date(instant.getTime() + offset * MINUTE_MS).toISOString().slice(0, 19);
  const hours = String(Math.trunc(Math.abs(offset) / 60)).padStart(2, '0');
  const minutes = String(Math.abs(offset) % 60).padStart(2, '0');
  return `${local}${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
}

/**
 * The instant at which the zone's clock shows a local time. A time the clock shows twice is the earlier one;
 * one it skips is read with the offset before the change, so 02:30 becomes 03:30 (RFC 5545 §3.3.5).
 * @param local the wall clock as if it were UTC
 */
export function localToInstant(local: Date, zone: string): Date {
  const before = offsetMinutes(new Date(local.getTime() - DAY_MS), zone);
  const after = offsetMinutes(new Date(local.getTime() + DAY_MS), zone);
  const candidates = [before, after].map((offset) => ({
    offset,
    instant: new Date(local.getTime() - offset * MINUTE_MS),
  }));
  const shown = candidates.filter(({ instant, offset }) => offsetMinutes(instant, zone) === offset);
  const instants = (shown.length > 0 ? shown : candidates.slice(0, 1)).map(({ instant }) =>
    instant.getTime(),
  );
  return new Date(Math.min(...instants));
}
