import { z } from 'zod';
import type { Action } from '../action.ts';
import { ProviderError } from '../../errors.ts';
import { resolveAddresses } from '../addresses.ts';
import { requireOneLine, toCanonical } from '../arguments.ts';
import { count, showList, showText } from '../fields.ts';
import { calendarRule } from '../provider/rules.ts';
import { describeWhen } from '../when.ts';
import { readCalendarFacts, resolveCalendarId } from './calendar-facts.ts';
import { askCalendar } from './client.ts';
import { findConflicts } from './conflicts.ts';
import { eventAnswer, summariseEvent, writeTime, type EventAnswer } from './event.ts';
import { getEvent } from './present.ts';
import { calendarId, description, guests, location, time, title } from './raw.ts';
import { WRITE_SCOPES } from './scopes.ts';
import { resolveSpan } from './span.ts';

const raw = z.strictObject({
  title,
  start: time('Start'),
  end: time('End; for whole days the last day, which may be the same as the first'),
  location: location.optional(),
  description: description.optional(),
  guests: guests.optional().describe('E-mail addresses of people to invite; they are mailed an invitation'),
  calendar: calendarId,
});

const args = z.strictObject({
  calendar: z.string(),
  title: z.string(),
  start: z.string(),
  end: z.string(),
  timeZone: z.string(),
  location: z.string().optional(),
  description: z.string().optional(),
  guests: z.array(z.string()),
  conflicts: z.array(z.string()),
});

type Args = z.infer<typeof args>;

export const eventsInsert: Action<z.infer<typeof raw>, Args> = {
  id: 'calendar.events.insert',
  service: 'calendar',
  connection: 'google-oauth2',
  risk: 'write',
  scopes: WRITE_SCOPES,
  mayVary: ['title', 'start', 'end', 'location', 'description', 'conflicts'],
  description:
    'Put a new event into a calendar, with a title, a start and an end. Guests are mailed an invitation, so name ' +
    'only people the person asked for, by e-mail address.',
  schema: raw,
  args,
  requests: {
    inspect: [
      calendarRule('GET', '/calendars/{calendar}/acl'),
      calendarRule('GET', '/calendars/{calendar}/events'),
    ],
    perform: [calendarRule('POST', '/calendars/{calendar}/events')],
    reconcile: [calendarRule('GET', '/calendars/{calendar}/events/{event}')],
  },

  async resolve(given, context) {
    const { timeZone } = context;
    const calendar = resolveCalendarId(given.calendar, context);
    const span = resolveSpan(this.id, given.start, given.end, timeZone);
    const invited = resolveAddresses(this.id, 'guests', given.guests ?? []);
    const facts = await readCalendarFacts(calendar, invited, context);
    const conflicts = await findConflicts(context.http, { calendar, timeZone, ...span });
    const place =
      given.location === undefined ? undefined : requireOneLine(this.id, 'location', given.location);
    const resolved = {
      calendar,
      title: requireOneLine(this.id, 'title', given.title),
      ...span,
      timeZone,
      location: place,
      description: given.description,
      guests: invited,
      conflicts,
    };
    return { args: toCanonical(resolved), facts };
  },

  preview: (call, facts) => ({
    title: 'Create a calendar event',
    line: `“${call.title}”, ${describeWhen(call.start)}, in ${call.calendar}`,
    targets: [
      { kind: 'calendar', value: call.calendar },
      ...call.guests.map((value) => ({ kind: 'address' as const, value })),
    ],
    fields: [
      { path: '/title', label: 'Title', value: call.title },
      { path: '/start', label: 'From', value: describeWhen(call.start) },
      { path: '/end', label: 'To', value: describeWhen(call.end) },
      ...showText('/location', 'Place', call.location),
      ...showList('/guests', 'Guests', call.guests),
      ...showText('/description', 'Description', call.description),
      { path: '/calendar', label: 'Calendar', value: call.calendar },
      { path: '/timeZone', label: 'Time zone', value: call.timeZone },
      ...showList('/conflicts', 'At the same time', call.conflicts),
    ],
    notes: [
      ...(call.guests.length > 0
        ? [`${count(call.guests.length, 'guest')} will be mailed an invitation.`]
        : []),
      ...(call.conflicts.length > 0 ? ['The calendar already holds something in that time.'] : []),
      ...(facts.calendarShared === true ? ['Other people can read this calendar.'] : []),
    ],
  }),

  // Letters a–v and digits only: RFC 2938 §3.1.2 base32hex, which Google asks of an id chosen by the client.
  createHandle: (_call, seed) => ({ eventId: `agentdesk${seed.attemptId}` }),

  async execute(call, { http, handle }) {
    const about = { what: 'that calendar', effect: true };
    try {
      const event = await askCalendar(http, about, eventAnswer, (api) =>
        api.events.insert({
          calendarId: call.calendar,
          sendUpdates: call.guests.length > 0 ? 'all' : 'none',
          requestBody: toRequest(call, String(handle['eventId'])),
        }),
      );
      return report(event, call);
    } catch (error) {
      throw markTaken(error);
    }
  },

  async reconcile(call, { http, handle }) {
    try {
      // A cancelled event was created and deleted since: the effect happened.
      return {
        outcome: 'done',
        result: report(await getEvent(http, call.calendar, String(handle['eventId'])), call),
      };
    } catch (error) {
      if (error instanceof ProviderError && error.status === 404) return { outcome: 'not_done' };
      throw error;
    }
  },
};

function toRequest(call: Args, id: string) {
  return {
    id,
    summary: call.title,
    start: writeTime(call.start, call.timeZone, 'start'),
    end: writeTime(call.end, call.timeZone, 'end'),
    ...(call.location === undefined ? {} : { location: call.location }),
    ...(call.description === undefined ? {} : { description: call.description }),
    ...(call.guests.length === 0 ? {} : { attendees: call.guests.map((email) => ({ email })) }),
  };
}

function report(event: EventAnswer, call: Args) {
  const link = event.htmlLink === undefined ? {} : { link: event.htmlLink };
  const data = {
    ...summariseEvent(event, call.timeZone),
    title: call.title,
    start: call.start,
    end: call.end,
  };
  return { summary: `“${call.title}” is in the calendar, ${describeWhen(call.start)}.`, data, ...link };
}

/** 409 means the id exists. Nobody else can know it, so it is most likely our own event. */
function markTaken(error: unknown): unknown {
  if (!(error instanceof ProviderError) || error.code !== 'provider_conflict') return error;
  const facts = { status: error.status, effectPossible: true, cause: error };
  return new ProviderError(error.code, error.details, facts);
}
