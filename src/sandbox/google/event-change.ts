import type { Incoming } from '../http/exchange.ts';
import { requireAccess } from './access.ts';
import { requireCalendar, requireEvent } from './calendar-access.ts';
import { refuseUsual } from './errors.ts';
import { etagOf } from './event-render.ts';
import { ACCEPTED } from './scopes.ts';
import type { Calendar, CalendarEvent } from './calendar-state.ts';
import { nextRevision, type Google, type Person } from './state.ts';

interface Change {
  readonly person: Person;
  readonly calendar: Calendar;
  readonly event: CalendarEvent;
}

/**
 * @throws Refusal 404, 410 `deleted` for an event that is gone already, 412 `conditionNotMet` when
 * If-Match names another etag
 */
export function requireChange(google: Google, request: Incoming): Change {
  const person = requireAccess(google, request, 'calendar', ACCEPTED.writeEvents);
  const calendar = requireCalendar(google, person, request.params['calendarId'] ?? '', 'writer');
  const event = requireEvent(google, calendar, request.params['eventId'] ?? '');
  if (event.status === 'cancelled') throw refuseUsual('calendar', 410);
  const wanted = request.headers['if-match'];
  if (wanted !== undefined && wanted !== '*' && wanted !== etagOf(event)) throw refuseUsual('calendar', 412);
  return { person, calendar, event };
}

/** Gives the event a new etag. The caller commits. */
export function touch(google: Google, event: CalendarEvent): void {
  event.updated = google.now().toISOString();
  event.revision = nextRevision(google.store.state);
}
