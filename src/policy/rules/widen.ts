import { isDeepStrictEqual } from 'node:util';
import type { Condition } from './types.ts';

/**
 * Whether `after` holds wherever `before` does, as far as it can be told from how they are written. A rule whose
 * condition is widened stops more, so this is what makes a change of one tightening.
 */
export function isSameOrWider(before: Condition, after: Condition): boolean {
  if (isDeepStrictEqual(before, after)) return true;
  if (before.kind === 'recipient_domain' && after.kind === 'recipient_domain')
    return widensDomains(before, after, 'any_in');
  if (before.kind === 'account_domain' && after.kind === 'account_domain')
    return widensDomains(before, after, 'in');
  if (before.kind === 'recipient_count' && after.kind === 'recipient_count')
    return after.moreThan <= before.moreThan;
  if (before.kind === 'guest_count' && after.kind === 'guest_count') return after.moreThan <= before.moreThan;
  if (before.kind === 'weekdays' && after.kind === 'weekdays') return includesAll(after.days, before.days);
  if (before.kind === 'labels' && after.kind === 'labels') return includesAll(after.anyOf, before.anyOf);
  if (before.kind === 'repository' && after.kind === 'repository') {
    return before.names.every(
      (name) => after.names.includes(name) || after.names.includes(`${name.split('/')[0]}/*`),
    );
  }
  if (before.kind === 'hours' && after.kind === 'hours') {
    return hoursOf(before).every((hour) => hoursOf(after).includes(hour));
  }
  return false;
}

/** @param inside the `match` under which more domains mean more calls */
function widensDomains(
  before: { readonly match: string; readonly domains: readonly string[] },
  after: { readonly match: string; readonly domains: readonly string[] },
  inside: string,
): boolean {
  if (before.match !== after.match) return false;
  return before.match === inside
    ? includesAll(after.domains, before.domains)
    : includesAll(before.domains, after.domains);
}

/** The hours of a day that `[from, to)` covers. */
export function hoursOf({ from, to }: { readonly from: number; readonly to: number }): number[] {
  return Array.from({ length: 24 }, (_, hour) => hour).filter((hour) =>
    from <= to ? hour >= from && hour < to : hour >= from || hour < to,
  );
}

function includesAll(outer: readonly string[], inner: readonly string[]): boolean {
  return inner.every((item) => outer.includes(item));
}
