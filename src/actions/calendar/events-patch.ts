import { z } from 'zod';
import type { Action } from '../action.ts';
import { ProviderError } from '../../errors.ts';
import { toCanonical } from '../arguments.ts';
import { count, showList } from '../fields.ts';
import { calendarRule } from '../provider/rules.ts';
import { describeWhen } from '../when.ts';
import { readCalendarFacts, resolveCalendarId } from './calendar-facts.ts';
import { changesArgs, isApplied, resolveChanges, showChanges, toPatch, type Changes } from './changes.ts';
import { askCalendar } from './client.ts';
import { findConflicts } from './conflicts.ts';
import { eventAnswer, summariseEvent, type EventAnswer } from './event.ts';
import { getEvent, getPresentEvent, notePresent, presentArgs, showPresent } from './present.ts';
import { calendarId, description, eventId, guests, location, time, title } from './raw.ts';
import { WRITE_SCOPES } from './scopes.ts';

const raw = z.strictObject({
  event: eventId,
  title: title.optional(),
  start: time('New start; without a new end the event keeps its length').optional(),
  end: time('New end').optional(),
  location: location.optional(),
  description: description.optional(),
  addGuests: guests.optional().describe('E-mail addresses to invite'),
  removeGuests: guests.optional().describe('E-mail addresses to take off the event'),
  calendar: calendarId,
});

const args = z.strictObject({
  calendar: z.string(),
  event: z.string(),
  etag: z.string(),
  timeZone: z.string(),
  present: presentArgs,
  changes: changesArgs,
  /** Who is mailed about it: everyone who is, or was, a guest. */
  told: z.array(z.string()),
  conflicts: z.array(z.string()),
});

type Args = z.infer<typeof args>;

const EVENT_PATH = '/calendars/{calendar}/events/{event}';

export const eventsPatch: Action<z.infer<typeof raw>, Args> = {
  id: 'calendar.events.patch',
  service: 'calendar',
  connection: 'google-oauth2',
  risk: 'write',
  scopes: WRITE_SCOPES,
  description:
    'Change an event: its time, title, place, description or guests. Find its id with calendar_events_list first ' +
    'and give only what changes. Guests are mailed the change.',
  schema: raw,
  args,
  requests: {
    inspect: [
      calendarRule('GET', EVENT_PATH),
      calendarRule('GET', '/calendars/{calendar}/acl'),
      calendarRule('GET', '/calendars/{calendar}/events'),
    ],
    perform: [calendarRule('PATCH', EVENT_PATH)],
    reconcile: [calendarRule('GET', EVENT_PATH)],
  },

  async resolve(given, context) {
    const { timeZone, http } = context;
    const calendar = resolveCalendarId(given.calendar, context);
    const { event, present } = await getPresentEvent(context, calendar, given.event);
    const changes = resolveChanges(this.id, given, event, timeZone);
    const facts = await readCalendarFacts(calendar, listInvolved(event, changes), context);
    const slot = {
      calendar,
      timeZone,
      start: changes.start?.to ?? present.start,
      end: changes.end?.to ?? present.end,
    };
    const moves = changes.start !== undefined || changes.end !== undefined;
    const conflicts = moves ? await findConflicts(http, { ...slot, except: event.id }) : [];
    const told = [...(facts.guests ?? [])];
    const resolved = {
      calendar,
      event: event.id,
      etag: event.etag,
      timeZone,
      present,
      changes,
      told,
      conflicts,
    };
    return { args: toCanonical(resolved), facts };
  },

  preview: (call, facts) => ({
    title: 'Change a calendar event',
    line: `“${call.present.title}”, ${describeWhen(call.present.start)}, in ${call.calendar}`,
    targets: [
      { kind: 'calendar', value: call.calendar },
      { kind: 'event', value: call.event },
      ...call.told.map((value) => ({ kind: 'address' as const, value })),
    ],
    fields: [
      ...showPresent(call.present),
      ...showChanges(call.changes),
      ...showList('/told', 'Mailed about it', call.told),
      ...showList('/conflicts', 'At the same time', call.conflicts),
      { path: '/calendar', label: 'Calendar', value: call.calendar },
      { path: '/timeZone', label: 'Time zone', value: call.timeZone },
      { path: '/event', label: 'Event id', value: call.event },
      { path: '/etag', label: 'Version seen', value: call.etag },
    ],
    notes: [
      ...(call.told.length > 0 ? [`${count(call.told.length, 'guest')} will be mailed the change.`] : []),
      ...(call.conflicts.length > 0 ? ['The calendar already holds something in that time.'] : []),
      ...(facts.calendarShared === true ? ['Other people can read this calendar.'] : []),
      ...notePresent(call.present),
    ],
  }),

  createHandle: () => ({}),

  async execute(call, { http }) {
    const event = await askCalendar(http, { what: 'that event', effect: true }, eventAnswer, (api) =>
      api.events.patch(
        {
          calendarId: call.calendar,
          eventId: call.event,
          sendUpdates: call.told.length > 0 ? 'all' : 'none',
          requestBody: toPatch(call.changes, call.present, call.timeZone),
        },
        { headers: { 'If-Match': call.etag } },
      ),
    );
    return report(event, call);
  },

  async reconcile(call, { http }) {
    const look = `Look at “${call.present.title}” in the calendar ${call.calendar}.`;
    try {
      const event = await getEvent(http, call.calendar, call.event);
      if (event.etag === call.etag) return { outcome: 'not_done' };
      const isOurs = event.status !== 'cancelled' && isApplied(call.changes, event, call.timeZone);
      return isOurs ? { outcome: 'done', result: report(event, call) } : { outcome: 'unknown', look };
    } catch (error) {
      if (error instanceof ProviderError && (error.status === 404 || error.status === 410)) {
        return { outcome: 'unknown', look };
      }
      throw error;
    }
  },
};

function listInvolved(event: EventAnswer, changes: Changes): string[] {
  const guests =
    changes.guests === undefined ? (event.attendees ?? []) : [...changes.guests.from, ...changes.guests.to];
  return guests.map(({ email }) => email);
}

function report(event: EventAnswer, call: Args) {
  const link = event.htmlLink === undefined ? {} : { link: event.htmlLink };
  return {
    summary: `Changed “${event.summary ?? call.present.title}” in the calendar.`,
    data: summariseEvent(event, call.timeZone),
    ...link,
  };
}
