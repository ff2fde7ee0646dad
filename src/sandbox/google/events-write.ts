import { parseJsonObject } from '../http/body.ts';
import type { Incoming, Reply } from '../http/exchange.ts';
import type { Router } from '../http/router.ts';
import { refuse } from './errors.ts';
import { answerInvitation, applyBody } from './event-apply.ts';
import { requireChange, touch } from './event-change.ts';
import { describeEvent } from './event-render.ts';
import { deleteEvent } from './events-delete.ts';
import { insertEvent } from './events-insert.ts';
import { replyEvent } from './events-read.ts';
import { mailGuests, readSendUpdates } from './invitations.ts';
import type { Google } from './state.ts';

const EVENT = '/calendar/v3/calendars/{calendarId}/events/{eventId}';

export function addEventWrites(router: Router, google: Google): void {
  router.on('POST', '/calendar/v3/calendars/{calendarId}/events', (request) => insertEvent(google, request));
  router.on('PATCH', EVENT, (request) => changeEvent(google, request, 'patch'));
  router.on('PUT', EVENT, (request) => changeEvent(google, request, 'update'));
  router.on('DELETE', EVENT, (request) => deleteEvent(google, request));
}

function changeEvent(google: Google, request: Incoming, kind: 'patch' | 'update'): Reply {
  const { person, calendar, event } = requireChange(google, request);
  const body = parseJsonObject(request.body);
  if (!body) throw refuse('calendar', { status: 400, reason: 'parseError', inner: 'Parse Error' });
  const sendUpdates = readSendUpdates(request);
  const before = event.attendees.map(({ email }) => email);
  if (event.calendarId !== calendar.id) answerInvitation(calendar, event, body);
  else applyBody(event, body, kind);
  touch(google, event);
  const after = event.attendees.map(({ email }) => email);
  const mail = (subject: Parameters<typeof mailGuests>[1]['subject'], guests: string[]) =>
    mailGuests(google, { actor: person, event, subject, guests, sendUpdates });
  google.store.commit(
    { kind: 'event.patched', detail: describeEvent(person, event) },
    ...mail(
      'Invitation',
      after.filter((email) => !before.includes(email)),
    ),
    ...mail(
      'Updated invitation',
      after.filter((email) => before.includes(email)),
    ),
    ...mail(
      'Canceled event',
      before.filter((email) => !after.includes(email)),
    ),
  );
  return replyEvent(google, request, calendar, event);
}
