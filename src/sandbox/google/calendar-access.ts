import { refuse, refuseMissing } from './errors.ts';
import { domainOf } from './people.ts';
import type { Calendar, CalendarEvent } from './calendar-state.ts';
import type { Google, Person } from './state.ts';

const RANK = ['freeBusyReader', 'reader', 'writer', 'owner'];

/** The person's highest role on a calendar; null when it is not shared with them. */
export function roleOf(calendar: Calendar, email: string): string | null {
  const roles = calendar.acl
    .filter(({ type, value }) => value === (type === 'user' ? email : domainOf(email)))
    .map(({ role }) => role);
  return roles.toSorted((a, b) => RANK.indexOf(b) - RANK.indexOf(a))[0] ?? null;
}

/**
 * A calendar by id or as `primary`.
 * @throws Refusal 404 when the person cannot see it, 403 `requiredAccessLevel` when the role is too low
 */
export function requireCalendar(google: Google, person: Person, id: string, least: string): Calendar {
  const wanted = id === 'primary' ? person.email : id.toLowerCase();
  const calendar = google.store.state.calendars.find((entry) => entry.id === wanted);
  const role = calendar && roleOf(calendar, person.email);
  if (!calendar || !role) throw refuseMissing('calendar');
  if (RANK.indexOf(role) < RANK.indexOf(least)) {
    const inner = `You need to have ${least} access to this calendar.`;
    throw refuse('calendar', { status: 403, domain: 'calendar', reason: 'requiredAccessLevel', inner });
  }
  return calendar;
}

/** Whether an event shows on a calendar: it lives there, or the calendar belongs to one of its guests. */
export function isOn(event: CalendarEvent, calendar: Calendar): boolean {
  if (event.calendarId === calendar.id) return true;
  return event.attendees.some(({ email }) => email === calendar.id) && !event.hiddenFor.includes(calendar.id);
}

/** @throws Refusal 404 */
export function requireEvent(google: Google, calendar: Calendar, id: string): CalendarEvent {
  const event = google.store.state.events.find((entry) => entry.id === id && isOn(entry, calendar));
  if (!event) throw refuseMissing('calendar');
  return event;
}
