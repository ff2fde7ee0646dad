import { z } from 'zod';
import type { Facts, Http, ResolveContext } from '../action.ts';
import { isSameAddress } from '../addresses.ts';
import { readIfAllowed } from '../provider/read-if-allowed.ts';
import { askCalendar } from './client.ts';

const aclAnswer = z.object({
  items: z
    .array(
      z.object({ role: z.string(), scope: z.object({ type: z.string(), value: z.string().optional() }) }),
    )
    .optional(),
});

/** The calendar's id: `primary` is the account's own, whose id is its e-mail address. */
export function resolveCalendarId(calendar: string, context: Pick<ResolveContext, 'account'>): string {
  return calendar === 'primary' ? context.account.label : calendar;
}

/**
 * What the policy may know about a write to a calendar.
 * @param guests everyone who is or was invited; the account itself is not counted as a guest
 */
export async function readCalendarFacts(
  calendar: string,
  guests: readonly string[],
  context: Pick<ResolveContext, 'http' | 'account'>,
): Promise<Facts> {
  const others = guests.filter((guest) => !isSameAddress(guest, context.account.label));
  const addresses = [...new Set(others.map((guest) => guest.toLowerCase()))];
  const calendarShared = await readIfAllowed([403, 404], () =>
    isShared(context.http, calendar, context.account.label),
  );
  return { recipients: addresses, guests: addresses, calendar, calendarShared };
}

/** Whether the access list names anyone but the account itself (a person, a group, a domain, everyone). */
async function isShared(http: Http, calendar: string, account: string): Promise<boolean> {
  const about = { what: 'that calendar', effect: false };
  const { items = [] } = await askCalendar(http, about, aclAnswer, (api) =>
    api.acl.list({ calendarId: calendar }),
  );
  return items.some(({ role, scope }) => {
    const isOwn = scope.type === 'user' && scope.value !== undefined && isSameAddress(scope.value, account);
    return role !== 'none' && !isOwn;
  });
}
