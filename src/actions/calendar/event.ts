import { z } from 'zod';
import type { Json } from '../action.ts';
import { shortLine } from '../fields.ts';
import { addDays, isWholeDay, type When } from '../when.ts';
import { formatInstant } from '../zone.ts';

const timeAnswer = z.object({ date: z.string().optional(), dateTime: z.string().optional() });

/** The parts of Google's event that are used here (calendar/v3 Event). */
export const eventAnswer = z.object({
  id: z.string(),
  etag: z.string(),
  status: z.string().optional(),
  htmlLink: z.string().optional(),
  summary: z.string().optional(),
  description: z.string().optional(),
  location: z.string().optional(),
  start: timeAnswer.optional(),
  end: timeAnswer.optional(),
  organizer: z.object({ email: z.string().optional(), self: z.boolean().optional() }).optional(),
  recurringEventId: z.string().optional(),
  recurrence: z.array(z.string()).optional(),
  transparency: z.string().optional(),
  attendees: z
    .array(
      z.object({
        email: z.string(),
        responseStatus: z.string().optional(),
        optional: z.boolean().optional(),
        displayName: z.string().optional(),
        comment: z.string().optional(),
        additionalGuests: z.number().optional(),
      }),
    )
    .optional(),
});

export type EventAnswer = z.infer<typeof eventAnswer>;

const NO_TIME = '1970-01-01';

/** The event's start in the zone given, or its first day. */
export function readStart(event: EventAnswer, zone: string): When {
  return readTime(event.start, zone) ?? NO_TIME;
}

/** The event's end in the zone given, or its last day: Google's own end of a whole day is the day after. */
export function readEnd(event: EventAnswer, zone: string): When {
  const end = readTime(event.end, zone) ?? NO_TIME;
  return isWholeDay(end) ? addDays(end, -1) : end;
}

function readTime(time: EventAnswer['start'], zone: string): When | undefined {
  return time?.dateTime === undefined ? time?.date : formatInstant(new Date(time.dateTime), zone);
}

/** Google's form of a start or end. */
export function writeTime(when: When, zone: string, side: 'start' | 'end') {
  if (!isWholeDay(when)) return { dateTime: when, timeZone: zone };
  return { date: side === 'end' ? addDays(when, 1) : when };
}

/** The same for a patch, which leaves what it does not name: the other form has to be cleared. */
export function rewriteTime(when: When, zone: string, side: 'start' | 'end') {
  return { date: null, dateTime: null, timeZone: null, ...writeTime(when, zone, side) };
}

/** What the model reads after an event was written. */
export function summariseEvent(event: EventAnswer, zone: string): { [key: string]: Json } {
  return {
    id: event.id,
    title: shortLine(event.summary ?? '', 300),
    start: readStart(event, zone),
    end: readEnd(event, zone),
    ...(event.htmlLink === undefined ? {} : { link: event.htmlLink }),
  };
}
