import { randomBytes } from 'node:crypto';
import { parseJsonObject } from '../http/body.ts';
import type { Incoming, Reply } from '../http/exchange.ts';
import { requireAccess } from './access.ts';
import { requireCalendar } from './calendar-access.ts';
import { refuse, refuseInvalid, refuseUsual } from './errors.ts';
import { mergeFields, parseAttendees } from './event-fields.ts';
import { describeEvent } from './event-render.ts';
import { checkRange, parseEventTime } from './event-times.ts';
import { replyEvent } from './events-read.ts';
import { mailGuests, readSendUpdates } from './invitations.ts';
import { ACCEPTED } from './scopes.ts';
import type { CalendarEvent } from './calendar-state.ts';
import { nextRevision, type Google } from './state.ts';

/** Base32hex of RFC 2938 §3.1.2, lower case: https://developers.google.com/workspace/calendar/api/v3/reference/events#id */
const EVENT_ID = /^[a-v0-9]{5,1024}$/;

export function insertEvent(google: Google, request: Incoming): Reply {
  const person = requireAccess(google, request, 'calendar', ACCEPTED.writeEvents);
  const calendar = requireCalendar(google, person, request.params['calendarId'] ?? '', 'writer');
  const body = parseJsonObject(request.body);
  if (!body) throw refuse('calendar', { status: 400, reason: 'parseError', inner: 'Parse Error' });
  if (Array.isArray(body['recurrence']) && body['recurrence'].length > 0) {
    throw refuseInvalid('calendar', 'This stand-in does not make recurring events.');
  }
  const sendUpdates = readSendUpdates(request);
  const id = readId(body['id']);
  // An id stays taken after its event was deleted.
  if (google.store.state.events.some((event) => event.id === id)) throw refuseUsual('calendar', 409);
  const start = parseEventTime(body['start'], 'start');
  const end = parseEventTime(body['end'], 'end');
  checkRange(start, end);
  const at = google.now().toISOString();
  const event: CalendarEvent = {
    id,
    calendarId: calendar.id,
    creator: person.email,
    created: at,
    updated: at,
    iCalUID: `${id}@google.com`,
    revision: nextRevision(google.store.state),
    sequence: 0,
    status: body['status'] === 'tentative' ? 'tentative' : 'confirmed',
    start,
    end,
    attendees: parseAttendees(body['attendees'] ?? [], []),
    fields: mergeFields({}, body),
    hiddenFor: [],
  };
  google.store.state.events.push(event);
  const guests = event.attendees.map(({ email }) => email);
  const mails = mailGuests(google, { actor: person, event, subject: 'Invitation', guests, sendUpdates });
  google.store.commit({ kind: 'event.inserted', detail: describeEvent(person, event) }, ...mails);
  return replyEvent(google, request, calendar, event);
}

function readId(value: unknown): string {
  if (value === undefined || value === null || value === '') return randomBytes(13).toString('hex');
  if (typeof value !== 'string' || !EVENT_ID.test(value)) {
    throw refuseInvalid('calendar', 'Invalid resource id value.');
  }
  return value;
}
