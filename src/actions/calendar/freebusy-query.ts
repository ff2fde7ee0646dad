import { z } from 'zod';
import type { Action } from '../action.ts';
import { resolveAddresses } from '../addresses.ts';
import { toCanonical } from '../arguments.ts';
import { NO_ADDRESSES } from '../facts.ts';
import { count, showList } from '../fields.ts';
import { calendarRule } from '../provider/rules.ts';
import { readOnly } from '../read-only.ts';
import { describeWhen, resolveRange } from '../when.ts';
import { formatInstant } from '../zone.ts';
import { askCalendar } from './client.ts';
import { findFree } from './free-time.ts';
import { guests, time } from './raw.ts';

const MOST_ITEMS = 100;

const raw = z.strictObject({
  from: time('Start of the range'),
  to: time('End of the range; a whole day counts to its end'),
  people: guests.max(50).optional().describe("E-mail addresses; leave out for the person's own calendar"),
});

const args = z.strictObject({
  from: z.string(),
  to: z.string(),
  timeZone: z.string(),
  people: z.array(z.string()),
});

const answer = z.object({
  calendars: z.record(
    z.string(),
    z.object({
      busy: z.array(z.object({ start: z.string(), end: z.string() })).optional(),
      errors: z.array(z.object({ reason: z.string().optional() })).optional(),
    }),
  ),
});

export const freebusyQuery: Action<z.infer<typeof raw>, z.infer<typeof args>> = {
  ...readOnly,
  id: 'calendar.freebusy.query',
  service: 'calendar',
  connection: 'google-oauth2',
  scopes: ['https://www.googleapis.com/auth/calendar.freebusy'],
  description:
    'Find out when people are busy, and when all of them are free, between two times. Shows no titles. People whose ' +
    'calendar is not visible are listed in `notVisible`; nothing is known about their time.',
  schema: raw,
  args,
  requests: { inspect: [], perform: [calendarRule('POST', '/freeBusy')], reconcile: [] },

  resolve(given, context) {
    const range = resolveRange(this.id, given.from, given.to, context.timeZone);
    const people = resolveAddresses(this.id, 'people', given.people ?? []);
    if (people.length === 0) people.push(context.account.label);
    return Promise.resolve({
      args: toCanonical({ ...range, timeZone: context.timeZone, people }),
      facts: NO_ADDRESSES,
    });
  },

  preview: (call) => ({
    title: 'Look up who is free',
    line: `${call.people.join(', ')} from ${describeWhen(call.from)} to ${describeWhen(call.to)}`,
    targets: call.people.map((value) => ({ kind: 'calendar' as const, value })),
    fields: [
      ...showList('/people', 'People', call.people),
      { path: '/from', label: 'From', value: describeWhen(call.from) },
      { path: '/to', label: 'To', value: describeWhen(call.to) },
      { path: '/timeZone', label: 'Time zone', value: call.timeZone },
    ],
    notes: [],
  }),

  async execute(call, { http }) {
    // A POST by Google's design, but it changes nothing.
    const { calendars } = await askCalendar(http, { what: 'these people', effect: false }, answer, (api) =>
      api.freebusy.query({
        requestBody: {
          timeMin: call.from,
          timeMax: call.to,
          timeZone: call.timeZone,
          items: call.people.map((id) => ({ id })),
        },
      }),
    );
    const isVisible = (person: string) =>
      calendars[person] !== undefined && !calendars[person].errors?.length;
    const notVisible = call.people.filter((person) => !isVisible(person));
    const local = (text: string) => formatInstant(new Date(text), call.timeZone);
    const busy = call.people.filter(isVisible).flatMap((person) =>
      (calendars[person]?.busy ?? []).map(({ start, end }) => ({
        person,
        start: local(start),
        end: local(end),
      })),
    );
    const free = findFree(call, busy, call.timeZone);
    const hidden = notVisible.length > 0 ? ` ${count(notVisible.length, 'calendar')} could not be seen.` : '';
    return {
      summary: `Found ${count(busy.length, 'busy time')} and ${count(free.length, 'free time')}.${hidden}`,
      data: {
        busy: busy.slice(0, MOST_ITEMS),
        free: free.slice(0, MOST_ITEMS),
        ...(notVisible.length > 0 && { notVisible }),
      },
    };
  },
};
