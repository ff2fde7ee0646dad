import { z } from 'zod';
import type { Action, Json } from '../action.ts';
import { toCanonical } from '../arguments.ts';
import { NO_ADDRESSES } from '../facts.ts';
import { count, shortLine, showText } from '../fields.ts';
import { calendarRule } from '../provider/rules.ts';
import { readOnly } from '../read-only.ts';
import { describeWhen, resolveRange } from '../when.ts';
import { resolveCalendarId } from './calendar-facts.ts';
import { askCalendar } from './client.ts';
import { eventAnswer, summariseEvent, type EventAnswer } from './event.ts';
import { calendarId, time } from './raw.ts';

const MOST_EVENTS = 50;
const MOST_GUESTS = 20;

const raw = z.strictObject({
  from: time('Start of the range'),
  to: time('End of the range; a whole day counts to its end'),
  query: z.string().max(200).optional().describe('Words to look for in title, description, place and guests'),
  calendar: calendarId,
});

const args = z.strictObject({
  calendar: z.string(),
  from: z.string(),
  to: z.string(),
  timeZone: z.string(),
  query: z.string().optional(),
});

const answer = z.object({ items: z.array(eventAnswer).optional(), nextPageToken: z.string().optional() });

export const eventsList: Action<z.infer<typeof raw>, z.infer<typeof args>> = {
  ...readOnly,
  id: 'calendar.events.list',
  service: 'calendar',
  connection: 'google-oauth2',
  scopes: ['https://www.googleapis.com/auth/calendar.events.readonly'],
  mayVary: ['from', 'to', 'query'],
  description:
    'List the events of a calendar between two times, in order of start. Use it to answer questions about the ' +
    'calendar and to find the id of an event before changing or deleting it. Returns at most 50 events; ' +
    '`truncated` is true when there are more.',
  schema: raw,
  args,
  requests: { inspect: [], perform: [calendarRule('GET', '/calendars/{calendar}/events')], reconcile: [] },

  resolve(given, context) {
    const calendar = resolveCalendarId(given.calendar, context);
    const { from, to } = resolveRange(this.id, given.from, given.to, context.timeZone);
    const resolved = toCanonical({ calendar, from, to, timeZone: context.timeZone, query: given.query });
    return Promise.resolve({ args: resolved, facts: { ...NO_ADDRESSES, calendar } });
  },

  preview: (call) => ({
    title: 'Look at the calendar',
    line: `Events of ${call.calendar} from ${describeWhen(call.from)} to ${describeWhen(call.to)}`,
    targets: [{ kind: 'calendar', value: call.calendar }],
    fields: [
      { path: '/calendar', label: 'Calendar', value: call.calendar },
      { path: '/from', label: 'From', value: describeWhen(call.from) },
      { path: '/to', label: 'To', value: describeWhen(call.to) },
      { path: '/timeZone', label: 'Time zone', value: call.timeZone },
      ...showText('/query', 'Search for', call.query),
    ],
    notes: [],
  }),

  async execute(call, { http }) {
    const about = { what: 'that calendar', effect: false };
    const { items = [], nextPageToken } = await askCalendar(http, about, answer, (api) =>
      api.events.list({
        calendarId: call.calendar,
        timeMin: call.from,
        timeMax: call.to,
        timeZone: call.timeZone,
        singleEvents: true,
        orderBy: 'startTime',
        maxResults: MOST_EVENTS,
        ...(call.query === undefined ? {} : { q: call.query }),
      }),
    );
    const kept = items.slice(0, MOST_EVENTS);
    const truncated = nextPageToken !== undefined || kept.length < items.length;
    const events = kept.map((event) => describeEvent(event, call.timeZone));
    return { summary: `Found ${count(events.length, 'event')}.`, data: { events, truncated } };
  },
};

function describeEvent(event: EventAnswer, timeZone: string): Json {
  const guests = (event.attendees ?? []).slice(0, MOST_GUESTS).map((guest) => guest.email);
  const optional = {
    location: event.location && shortLine(event.location, 300),
    organizer: event.organizer?.email,
  };
  const allDay = event.start?.date !== undefined;
  return toCanonical({ ...summariseEvent(event, timeZone), allDay, guests, ...optional }) as Json;
}
