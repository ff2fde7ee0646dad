import { z } from 'zod';

const TIME =
  "'2026-11-03T15:00' in the person's own time zone, or RFC 3339 with an offset, or '2026-11-03' for a whole day";

/** Arguments that several calendar actions take, as the model gives them. */
export const calendarId = z
  .string()
  .min(1)
  .max(254)
  .default('primary')
  .describe("Calendar id; leave out for the person's own calendar");
export const eventId = z
  .string()
  .regex(/^[\w@-][\w@.-]*$/, 'must be the id of an event')
  .max(1024)
  .describe('Event id from calendar_events_list');
export const time = (what: string) => z.string().min(1).max(40).describe(`${what}: ${TIME}`);
export const title = z.string().min(1).max(1024);
export const location = z.string().max(1024).describe('Place, room or video link');
export const description = z.string().max(8192);
export const guests = z.array(z.string().max(320)).max(200);
