import { parseJsonObject } from '../http/body.ts';
import { replyJson, type Incoming, type Reply } from '../http/exchange.ts';
import type { Router } from '../http/router.ts';
import { requireAccess } from './access.ts';
import { isOn, roleOf } from './calendar-access.ts';
import { refuse, refuseInvalid } from './errors.ts';
import { refuseEmptyRange, toInstant } from './event-times.ts';
import { domainOf } from './people.ts';
import { ACCEPTED } from './scopes.ts';
import type { Calendar } from './calendar-state.ts';
import type { Google, Person } from './state.ts';
import { formatIn, isZone, parseInstant } from './zone.ts';

export function addFreeBusy(router: Router, google: Google): void {
  router.on('POST', '/calendar/v3/freeBusy', (request) => queryFreeBusy(google, request));
}

function queryFreeBusy(google: Google, request: Incoming): Reply {
  const person = requireAccess(google, request, 'calendar', ACCEPTED.freeBusy);
  const body = parseJsonObject(request.body);
  if (!body) throw refuse('calendar', { status: 400, reason: 'parseError', inner: 'Parse Error' });
  const from = readTime(body['timeMin'], 'timeMin');
  const to = readTime(body['timeMax'], 'timeMax');
  if (to <= from) throw refuseEmptyRange();
  const zone = typeof body['timeZone'] === 'string' && isZone(body['timeZone']) ? body['timeZone'] : 'UTC';
  const items = Array.isArray(body['items']) ? (body['items'] as { id?: unknown }[]) : [];
  const calendars: Record<string, unknown> = {};
  for (const { id } of items) {
    if (typeof id !== 'string')
      throw refuse('calendar', { status: 400, reason: 'required', inner: 'Required' });
    const calendar = findVisible(google, person, id);
    calendars[id] = calendar
      ? {
          busy: listBusy(google, calendar, from, to).map(([a, b]) => ({
            start: formatIn(zone, a),
            end: formatIn(zone, b),
          })),
        }
      : { errors: [{ domain: 'global', reason: 'notFound' }], busy: [] };
  }
  const range = { timeMin: new Date(from).toISOString(), timeMax: new Date(to).toISOString() };
  return replyJson(200, { kind: 'calendar#freeBusy', ...range, calendars });
}

function readTime(value: unknown, name: string): number {
  if (value === undefined) throw refuse('calendar', { status: 400, reason: 'required', inner: 'Required' });
  const instant = typeof value === 'string' ? parseInstant(value) : null;
  if (instant === null) throw refuseInvalid('calendar', 'Bad Request', name);
  return instant;
}

/** Colleagues of one domain see when each other is busy, an organization's usual setting, without an ACL entry. */
function findVisible(google: Google, person: Person, id: string): Calendar | null {
  const wanted = id === 'primary' ? person.email : id.toLowerCase();
  const calendar = google.store.state.calendars.find((entry) => entry.id === wanted);
  if (!calendar) return null;
  const isColleague = domainOf(calendar.id) === domainOf(person.email);
  return isColleague || roleOf(calendar, person.email) ? calendar : null;
}

/** Busy times inside the range, merged where they touch, as [from, to] in milliseconds since the epoch. */
function listBusy(google: Google, calendar: Calendar, from: number, to: number): [number, number][] {
  const busy = google.store.state.events
    .filter((event) => isOn(event, calendar) && event.status !== 'cancelled' && !event.recurrence)
    .filter((event) => event.fields['transparency'] !== 'transparent')
    .filter(
      ({ attendees }) => !attendees.some((a) => a.email === calendar.id && a.responseStatus === 'declined'),
    )
    .map((event): [number, number] => [
      Math.max(from, toInstant(event.start, calendar.timeZone)),
      Math.min(to, toInstant(event.end, calendar.timeZone)),
    ])
    .filter(([start, end]) => start < end)
    .toSorted((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [start, end] of busy) {
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}
