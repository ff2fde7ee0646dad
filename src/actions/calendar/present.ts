import { z } from 'zod';
import type { Http, PreviewField, ResolveContext } from '../action.ts';
import { ProviderError } from '../../errors.ts';
import { isSameAddress } from '../addresses.ts';
import { showText } from '../fields.ts';
import { describeWhen } from '../when.ts';
import { askCalendar } from './client.ts';
import { eventAnswer, readEnd, readStart, type EventAnswer } from './event.ts';

/** What an event is before it is changed: kept in the arguments, so that the card can name it. */
export const presentArgs = z.strictObject({
  title: z.string(),
  start: z.string(),
  end: z.string(),
  repeats: z.enum(['no', 'this one of a series', 'the whole series']),
  /** Somebody else's address when the event is theirs. */
  organizer: z.string().optional(),
});

export type Present = z.infer<typeof presentArgs>;

/** Reads one event. */
export function getEvent(http: Http, calendar: string, event: string): Promise<EventAnswer> {
  return askCalendar(http, { what: 'that event', effect: false }, eventAnswer, (api) =>
    api.events.get({ calendarId: calendar, eventId: event }),
  );
}

/**
 * Reads the event a call is about.
 * @throws ProviderError `provider_gone` when it was deleted: Google still answers with a cancelled event
 */
export async function getPresentEvent(context: ResolveContext, calendar: string, id: string) {
  const event = await getEvent(context.http, calendar, id);
  if (event.status === 'cancelled') {
    throw new ProviderError(
      'provider_gone',
      { service: 'Google Calendar' },
      { status: 410, effectPossible: false },
    );
  }
  const organizer = event.organizer?.email;
  const isOwn =
    organizer === undefined ||
    event.organizer?.self === true ||
    isSameAddress(organizer, context.account.label);
  const series = event.recurrence === undefined ? 'no' : 'the whole series';
  const present: Present = {
    title: event.summary ?? '',
    start: readStart(event, context.timeZone),
    end: readEnd(event, context.timeZone),
    repeats: event.recurringEventId === undefined ? series : 'this one of a series',
    ...(isOwn ? {} : { organizer }),
  };
  return { event, present };
}

export function showPresent(present: Present): PreviewField[] {
  return [
    { path: '/present/title', label: 'Event', value: present.title },
    { path: '/present/start', label: 'Now from', value: describeWhen(present.start) },
    { path: '/present/end', label: 'Now to', value: describeWhen(present.end) },
    { path: '/present/repeats', label: 'Part of a series', value: present.repeats },
    ...showText('/present/organizer', 'Organizer', present.organizer),
  ];
}

export function notePresent(present: Present): string[] {
  const notes =
    present.repeats === 'the whole series' ? ['It is the whole series, not one event of it.'] : [];
  return present.organizer === undefined ? notes : [...notes, `The event belongs to ${present.organizer}.`];
}
