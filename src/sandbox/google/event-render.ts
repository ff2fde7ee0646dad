import { renderTime } from './event-times.ts';
import { findPerson } from './people.ts';
import type { Calendar, CalendarEvent } from './calendar-state.ts';
import type { Person } from './state.ts';

export function etagOf(event: CalendarEvent): string {
  return `"${3_500_000_000_000_000 + event.revision}"`;
}

/** Leads to the stand-in's own page: a link into the real Google would show somebody else's nothing. */
function linkOf(event: CalendarEvent, origin: string): string {
  return `${origin}/calendar/event?eid=${Buffer.from(`${event.id} ${event.calendarId}`).toString('base64url')}`;
}

export interface Place {
  /** Zone of the answer: the request's `timeZone`, else the calendar's. */
  readonly zone: string;
  readonly origin: string;
}

/**
 * The event resource as seen on a calendar.
 */
export function renderEvent(
  event: CalendarEvent,
  calendar: Calendar,
  organizer: Calendar,
  place: Place,
): unknown {
  const { zone } = place;
  const isSelf = (email: string): { self?: true } => (email === calendar.id ? { self: true } : {});
  return {
    kind: 'calendar#event',
    etag: etagOf(event),
    id: event.id,
    status: event.status,
    htmlLink: linkOf(event, place.origin),
    created: event.created,
    updated: event.updated,
    ...event.fields,
    creator: { email: event.creator, ...isSelf(event.creator) },
    organizer: {
      email: organizer.id,
      ...(findPerson(organizer.id) ? {} : { displayName: organizer.summary }),
      ...isSelf(organizer.id),
    },
    start: renderTime(event.start, zone),
    end: renderTime(event.end, zone),
    ...(event.recurrence && { recurrence: event.recurrence }),
    ...(event.recurringEventId && {
      recurringEventId: event.recurringEventId,
      originalStartTime: renderTime(event.start, zone),
    }),
    iCalUID: event.iCalUID,
    sequence: event.sequence,
    ...(event.attendees.length > 0 && {
      attendees: event.attendees.map((attendee) => ({
        ...attendee,
        ...(attendee.email === organizer.id && { organizer: true }),
        ...isSelf(attendee.email),
      })),
    }),
    reminders: event.fields['reminders'] ?? { useDefault: true },
    eventType: 'default',
  };
}

/** One line for the list of effects. */
export function describeEvent(person: Person, event: CalendarEvent): string {
  const title = typeof event.fields['summary'] === 'string' ? event.fields['summary'] : '(No title)';
  const when = event.start.date ?? event.start.instant ?? '';
  const guests = event.attendees.map(({ email }) => email).join(', ');
  return `${person.email}: ${title}, ${when}${guests === '' ? '' : `, with ${guests}`}`;
}
