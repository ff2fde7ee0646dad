import { z } from 'zod';
import type { Action } from '../action.ts';
import { ProviderError } from '../../errors.ts';
import { toCanonical } from '../arguments.ts';
import { count, showList } from '../fields.ts';
import { calendarRule } from '../provider/rules.ts';
import { describeWhen } from '../when.ts';
import { readCalendarFacts, resolveCalendarId } from './calendar-facts.ts';
import { askCalendar } from './client.ts';
import { getEvent, getPresentEvent, notePresent, presentArgs, showPresent } from './present.ts';
import { calendarId, eventId } from './raw.ts';
import { WRITE_SCOPES } from './scopes.ts';

const raw = z.strictObject({ event: eventId, calendar: calendarId });

const args = z.strictObject({
  calendar: z.string(),
  event: z.string(),
  etag: z.string(),
  present: presentArgs,
  guests: z.array(z.string()),
});

/** Google answers a deletion with nothing; anything else comes from somebody who is not Google. */
const deleteAnswer = z.literal('');

const EVENT_PATH = '/calendars/{calendar}/events/{event}';

export const eventsDelete: Action<z.infer<typeof raw>, z.infer<typeof args>> = {
  id: 'calendar.events.delete',
  service: 'calendar',
  connection: 'google-oauth2',
  risk: 'delete',
  scopes: WRITE_SCOPES,
  description:
    'Delete one event from a calendar. Find its id with calendar_events_list first. Its guests are told by e-mail. ' +
    'It cannot be undone.',
  schema: raw,
  args,
  requests: {
    inspect: [calendarRule('GET', EVENT_PATH), calendarRule('GET', '/calendars/{calendar}/acl')],
    perform: [calendarRule('DELETE', EVENT_PATH)],
    reconcile: [calendarRule('GET', EVENT_PATH)],
  },

  async resolve(given, context) {
    const calendar = resolveCalendarId(given.calendar, context);
    const { event, present } = await getPresentEvent(context, calendar, given.event);
    const invited = (event.attendees ?? []).map((guest) => guest.email);
    const facts = await readCalendarFacts(calendar, invited, context);
    const guests = [...(facts.guests ?? [])];
    return { args: toCanonical({ calendar, event: event.id, etag: event.etag, present, guests }), facts };
  },

  preview: (call) => ({
    title: 'Delete a calendar event',
    line: `“${call.present.title}”, ${describeWhen(call.present.start)}, from ${call.calendar}`,
    targets: [
      { kind: 'calendar', value: call.calendar },
      { kind: 'event', value: call.event },
      ...call.guests.map((value) => ({ kind: 'address' as const, value })),
    ],
    fields: [
      { path: '/calendar', label: 'Calendar', value: call.calendar },
      ...showPresent(call.present),
      ...showList('/guests', 'Guests', call.guests),
      { path: '/event', label: 'Event id', value: call.event },
      { path: '/etag', label: 'Version seen', value: call.etag },
    ],
    notes: [
      'This cannot be undone.',
      ...(call.guests.length > 0
        ? [`${count(call.guests.length, 'guest')} will be mailed a cancellation.`]
        : []),
      ...notePresent(call.present),
    ],
  }),

  createHandle: () => ({}),

  async execute(call, { http }) {
    await askCalendar(http, { what: 'that event', effect: true }, deleteAnswer, (api) =>
      api.events.delete(
        {
          calendarId: call.calendar,
          eventId: call.event,
          sendUpdates: call.guests.length > 0 ? 'all' : 'none',
        },
        { headers: { 'If-Match': call.etag } },
      ),
    );
    return { summary: `Deleted “${call.present.title}” from the calendar.`, data: { id: call.event } };
  },

  async reconcile(call, { http }) {
    const done = {
      outcome: 'done',
      result: { summary: `“${call.present.title}” is deleted.`, data: { id: call.event } },
    } as const;
    try {
      const event = await getEvent(http, call.calendar, call.event);
      return event.status === 'cancelled' ? done : { outcome: 'not_done' };
    } catch (error) {
      if (error instanceof ProviderError && (error.status === 404 || error.status === 410)) return done;
      throw error;
    }
  },
};
