import type { Google } from './state.ts';

export interface WorldEvent {
  readonly id: string;
  readonly calendar: string;
  readonly title: string;
  readonly description: string;
  readonly location: string;
  /** RFC 3339, or `YYYY-MM-DD` for all-day events. */
  readonly start: string;
  readonly end: string;
  readonly timeZone: string;
  readonly status: string;
  readonly guests: readonly { readonly email: string; readonly answer: string }[];
}

/** The events that show on a calendar, earliest first. */
export function viewEvents(google: Google, calendarId: string): WorldEvent[] {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return google.store.state.events
    .filter((event) => !event.recurrence)
    .filter(
      ({ calendarId: id, attendees }) =>
        id === calendarId || attendees.some(({ email }) => email === calendarId),
    )
    .map((event) => ({
      id: event.id,
      calendar: event.calendarId,
      title: text(event.fields['summary']),
      description: text(event.fields['description']),
      location: text(event.fields['location']),
      start: event.start.date ?? event.start.instant ?? '',
      end: event.end.date ?? event.end.instant ?? '',
      timeZone: event.start.timeZone ?? '',
      status: event.hiddenFor.includes(calendarId) ? 'declined' : event.status,
      guests: event.attendees.map(({ email, responseStatus }) => ({ email, answer: responseStatus })),
    }))
    .toSorted((a, b) => a.start.localeCompare(b.start));
}
