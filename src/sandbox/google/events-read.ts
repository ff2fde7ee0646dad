import { replyEmpty, replyJson, type Incoming, type Reply } from '../http/exchange.ts';
import type { Router } from '../http/router.ts';
import { requireAccess } from './access.ts';
import { isOn, requireCalendar, requireEvent, roleOf } from './calendar-access.ts';
import { etagOf, renderEvent, type Place } from './event-render.ts';
import { refuseEmptyRange, toInstant } from './event-times.ts';
import { refuseInvalid } from './errors.ts';
import { readPage } from './paging.ts';
import { ACCEPTED } from './scopes.ts';
import type { Calendar, CalendarEvent } from './calendar-state.ts';
import type { Google } from './state.ts';
import { isZone, parseInstant } from './zone.ts';

const EVENTS = '/calendar/v3/calendars/{calendarId}/events';

export function addEventReads(router: Router, google: Google): void {
  router.on('GET', EVENTS, (request) => listEvents(google, request));
  router.on('GET', `${EVENTS}/{eventId}`, (request) => {
    const person = requireAccess(google, request, 'calendar', ACCEPTED.readEvents);
    const calendar = requireCalendar(google, person, request.params['calendarId'] ?? '', 'reader');
    // A deleted event can still be read by id; its status says so.
    const event = requireEvent(google, calendar, request.params['eventId'] ?? '');
    if (request.headers['if-none-match'] === etagOf(event)) return replyEmpty(304, { etag: etagOf(event) });
    return replyEvent(google, request, calendar, event);
  });
}

/** One event as the answer to a read or a write. */
export function replyEvent(
  google: Google,
  request: Incoming,
  calendar: Calendar,
  event: CalendarEvent,
): Reply {
  return replyJson(200, render(google, calendar, event, readPlace(request, calendar)), {
    etag: etagOf(event),
  });
}

function render(google: Google, calendar: Calendar, event: CalendarEvent, place: Place): unknown {
  const organizer = google.store.state.calendars.find(({ id }) => id === event.calendarId) ?? calendar;
  return renderEvent(event, calendar, organizer, place);
}

function readPlace(request: Incoming, calendar: Calendar): Place {
  const zone = request.query.get('timeZone') ?? calendar.timeZone;
  if (!isZone(zone)) throw refuseInvalid('calendar', 'Invalid value for: Invalid time zone', 'timeZone');
  return { zone, origin: request.origin };
}

function readInstant(request: Incoming, name: string): number | null {
  const text = request.query.get(name);
  if (text === null) return null;
  const instant = parseInstant(text);
  if (instant === null) throw refuseInvalid('calendar', 'Bad Request', name);
  return instant;
}

function listEvents(google: Google, request: Incoming): Reply {
  const person = requireAccess(google, request, 'calendar', ACCEPTED.readEvents);
  const calendar = requireCalendar(google, person, request.params['calendarId'] ?? '', 'reader');
  const { query } = request;
  const single = query.get('singleEvents') === 'true';
  const orderBy = query.get('orderBy');
  if (orderBy === 'startTime' && !single) {
    throw refuseInvalid(
      'calendar',
      'The requested ordering is not available for the particular query.',
      'orderBy',
    );
  }
  const from = readInstant(request, 'timeMin') ?? -Infinity;
  const to = readInstant(request, 'timeMax') ?? Infinity;
  if (to <= from) throw refuseEmptyRange();
  const start = (event: CalendarEvent): number => toInstant(event.start, calendar.timeZone);
  const found = google.store.state.events
    .filter((event) => isOn(event, calendar))
    .filter((event) => event.status !== 'cancelled' || query.get('showDeleted') === 'true')
    // Instances are stored beside their series; a list shows the ones or the other.
    .filter((event) => (single ? !event.recurrence : !event.recurringEventId))
    .filter((event) => toInstant(event.end, calendar.timeZone) > from && start(event) < to)
    .filter((event) => matchesText(event, query.get('q') ?? ''))
    .toSorted((a, b) => (orderBy === 'updated' ? a.updated.localeCompare(b.updated) : start(a) - start(b)));
  const page = readPage(query, found, { api: 'calendar', usual: 250, most: 2500 });
  const place = readPlace(request, calendar);
  return replyJson(200, {
    kind: 'calendar#events',
    etag: `"${google.store.state.revision}"`,
    summary: calendar.summary,
    updated: google.now().toISOString(),
    timeZone: place.zone,
    accessRole: roleOf(calendar, person.email),
    defaultReminders: [],
    nextPageToken: page.next,
    items: page.items.map((event) => render(google, calendar, event, place)),
  });
}

/** Free text over what Calendar's `q` searches: title, text, place and people. */
function matchesText(event: CalendarEvent, q: string): boolean {
  const { summary, description, location } = event.fields;
  const people = event.attendees.flatMap(({ email, displayName }) => [email, displayName ?? '']);
  const text = [summary, description, location, event.calendarId, ...people].join('\n').toLowerCase();
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
