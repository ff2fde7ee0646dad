import type { Effect } from '../http/store.ts';
import { deliver } from './delivery.ts';
import { refuseInvalid } from './errors.ts';
import { buildMessage } from './mime-build.ts';
import { findPerson } from './people.ts';
import type { CalendarEvent } from './calendar-state.ts';
import type { Google, Person } from './state.ts';
import type { Incoming } from '../http/exchange.ts';

type SendUpdates = 'all' | 'externalOnly' | 'none';

/** `sendUpdates`, or the older `sendNotifications`; nobody is mailed unless asked for. */
export function readSendUpdates(request: Incoming): SendUpdates {
  const value = request.query.get('sendUpdates');
  if (value === null) return request.query.get('sendNotifications') === 'true' ? 'all' : 'none';
  if (value !== 'all' && value !== 'externalOnly' && value !== 'none') {
    throw refuseInvalid('calendar', `Invalid value '${value.slice(0, 20)}'.`, 'sendUpdates');
  }
  return value;
}

/**
 * Mails guests about a change: the ones who have a mailbox here find it there, the others only show as
 * an effect. The caller commits.
 */
export function mailGuests(
  google: Google,
  facts: {
    readonly actor: Person;
    readonly event: CalendarEvent;
    readonly subject: 'Invitation' | 'Updated invitation' | 'Canceled event';
    readonly guests: readonly string[];
    readonly sendUpdates: SendUpdates;
  },
): Omit<Effect, 'at'>[] {
  const { actor, event, sendUpdates } = facts;
  if (sendUpdates === 'none') return [];
  const guests = facts.guests.filter(
    (email) => email !== actor.email && (sendUpdates === 'all' || findPerson(email) === null),
  );
  if (guests.length === 0) return [];
  const title = typeof event.fields['summary'] === 'string' ? event.fields['summary'] : '(No title)';
  const subject = `${facts.subject}: ${title}`;
  const text = `${subject}\nWhen: ${event.start.date ?? event.start.instant ?? ''}\nOrganizer: ${event.calendarId}\n`;
  for (const email of guests) {
    const message = { from: `${actor.name} <${actor.email}>`, to: email, subject, text, date: google.now() };
    deliver(google, email, buildMessage(message));
  }
  return [{ kind: 'invitation.sent', detail: `${subject} to ${guests.join(', ')}` }];
}
