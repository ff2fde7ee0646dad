import { z } from 'zod';
import type { Http } from '../action.ts';
import { shortLine } from '../fields.ts';
import { readIfAllowed } from '../provider/read-if-allowed.ts';
import { describeWhen, isWholeDay, type When } from '../when.ts';
import { askCalendar } from './client.ts';
import { eventAnswer, readEnd, readStart } from './event.ts';

const MOST_CONFLICTS = 5;

interface Slot {
  readonly calendar: string;
  readonly start: When;
  readonly end: When;
  readonly timeZone: string;
  /** The event that is being moved does not stand in its own way. */
  readonly except?: string;
}

/** What else the calendar holds in that time, a line each, for the card. Whole days have no conflicts. */
export async function findConflicts(http: Http, slot: Slot): Promise<string[]> {
  if (isWholeDay(slot.start)) return [];
  const about = { what: 'that calendar', effect: false };
  const answer = await readIfAllowed([403], () =>
    askCalendar(http, about, z.object({ items: z.array(eventAnswer).optional() }), (api) =>
      api.events.list({
        calendarId: slot.calendar,
        timeMin: slot.start,
        timeMax: slot.end,
        singleEvents: true,
        orderBy: 'startTime',
        maxResults: 20,
      }),
    ),
  );
  return (answer?.items ?? [])
    .filter(
      (event) =>
        event.id !== slot.except && event.status !== 'cancelled' && event.transparency !== 'transparent',
    )
    .filter((event) => event.start?.dateTime !== undefined)
    .slice(0, MOST_CONFLICTS)
    .map((event) => {
      const [start, end] = [readStart(event, slot.timeZone), readEnd(event, slot.timeZone)];
      return `${shortLine(event.summary ?? 'busy')}: ${describeWhen(start)} to ${describeWhen(end)}`;
    });
}
