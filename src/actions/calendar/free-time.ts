import { formatInstant } from '../zone.ts';

interface Interval {
  readonly start: string;
  readonly end: string;
}

/** The gaps between the busy times of everybody within the range, in the zone given. */
export function findFree(
  range: { readonly from: string; readonly to: string },
  busy: readonly Interval[],
  zone: string,
): { start: string; end: string }[] {
  const free: { start: string; end: string }[] = [];
  const push = (start: number, end: number) => {
    if (end > start)
      free.push({ start: formatInstant(new Date(start), zone), end: formatInstant(new Date(end), zone) });
  };
  let freeSince = Date.parse(range.from);
  for (const { start, end } of [...busy].sort((a, b) => Date.parse(a.start) - Date.parse(b.start))) {
    push(freeSince, Math.min(Date.parse(start), Date.parse(range.to)));
    freeSince = Math.max(freeSince, Date.parse(end));
  }
  push(freeSince, Date.parse(range.to));
  return free;
}
