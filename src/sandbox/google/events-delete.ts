import { replyEmpty, type Incoming, type Reply } from '../http/exchange.ts';
import { requireChange, touch } from './event-change.ts';
import { describeEvent } from './event-render.ts';
import { mailGuests, readSendUpdates } from './invitations.ts';
import type { Google } from './state.ts';

export function deleteEvent(google: Google, request: Incoming): Reply {
  const { person, calendar, event } = requireChange(google, request);
  const sendUpdates = readSendUpdates(request);
  let mails: ReturnType<typeof mailGuests> = [];
  if (event.calendarId === calendar.id) {
    const series = google.store.state.events.filter(({ recurringEventId }) => recurringEventId === event.id);
    for (const entry of [event, ...series]) {
      entry.status = 'cancelled';
      touch(google, entry);
    }
    const guests = event.attendees.map(({ email }) => email);
    mails = mailGuests(google, { actor: person, event, subject: 'Canceled event', guests, sendUpdates });
  } else {
    // Removing an invitation from one's own calendar declines it; the event stays for the others.
    event.hiddenFor = [...event.hiddenFor, calendar.id];
    event.attendees = event.attendees.map((attendee) =>
      attendee.email === calendar.id ? { ...attendee, responseStatus: 'declined' } : attendee,
    );
    touch(google, event);
  }
  google.store.commit({ kind: 'event.deleted', detail: describeEvent(person, event) }, ...mails);
  return replyEmpty(204);
}
