import { refuse, refuseInvalid } from './errors.ts';
import { mergeFields, parseAttendees } from './event-fields.ts';
import { checkRange, mergeTime, parseEventTime } from './event-times.ts';
import type { Calendar, CalendarEvent, CalendarTime } from './calendar-state.ts';

/**
 * Writes a body onto an event: `update` replaces it, `patch` changes what it names.
 * @throws Refusal 400
 */
export function applyBody(
  event: CalendarEvent,
  body: Record<string, unknown>,
  kind: 'patch' | 'update',
): void {
  const replaces = kind === 'update';
  const read = (name: 'start' | 'end'): CalendarTime =>
    parseEventTime(replaces ? body[name] : mergeTime(event[name], body[name]), name);
  const start = read('start');
  const end = read('end');
  checkRange(start, end);
  const fields = mergeFields(replaces ? {} : event.fields, body);
  const attendees =
    'attendees' in body
      ? parseAttendees(body['attendees'], event.attendees)
      : replaces
        ? []
        : event.attendees;
  const status = body['status'] ?? event.status;
  if (status !== 'confirmed' && status !== 'tentative' && status !== 'cancelled') {
    throw refuseInvalid('calendar', 'Invalid value for: status');
  }
  const moved = JSON.stringify([start, end]) !== JSON.stringify([event.start, event.end]);
  Object.assign(event, { start, end, fields, attendees, status, sequence: event.sequence + (moved ? 1 : 0) });
}

/**
 * A guest may change nothing but their own answer.
 * @throws Refusal 403 `forbiddenForNonOrganizer`
 */
export function answerInvitation(
  calendar: Calendar,
  event: CalendarEvent,
  body: Record<string, unknown>,
): void {
  const names = Object.keys(body).filter((name) => name !== 'attendees' && name !== 'reminders');
  const attendees = parseAttendees(body['attendees'] ?? event.attendees, event.attendees);
  const others = (list: typeof attendees): string =>
    JSON.stringify(
      list
        .filter(({ email }) => email !== calendar.id)
        .map(({ email }) => email)
        .sort(),
    );
  if (names.length > 0 || others(attendees) !== others([...event.attendees])) {
    const inner = 'Shared properties can only be changed by the organizer of the event.';
    throw refuse('calendar', { status: 403, domain: 'calendar', reason: 'forbiddenForNonOrganizer', inner });
  }
  const own = attendees.find(({ email }) => email === calendar.id);
  event.attendees = event.attendees.map((attendee) =>
    attendee.email === calendar.id && own ? own : attendee,
  );
}
