import { escapeHtml, replyErrorPage, replyPage } from '../http/page.ts';
import type { Router } from '../http/router.ts';
import type { Google } from './state.ts';
import { formatIn } from './zone.ts';

/** The page behind an event's `htmlLink`, so that links of the sandbox lead somewhere. All text as plain text. */
export function addEventPage(router: Router, google: Google): void {
  router.on('GET', '/calendar/event', ({ query }) => {
    const [id] = Buffer.from(query.get('eid') ?? '', 'base64url')
      .toString('utf8')
      .split(' ');
    const event = google.store.state.events.find((entry) => entry.id === id);
    if (!event) return replyErrorPage('Google', 404, 'not_found', 'There is no such event.');
    const zone =
      google.store.state.calendars.find((entry) => entry.id === event.calendarId)?.timeZone ?? 'UTC';
    const when = [event.start, event.end].map(
      ({ date, instant }) => date ?? formatIn(zone, Date.parse(instant ?? '')),
    );
    const title = typeof event.fields['summary'] === 'string' ? event.fields['summary'] : '(No title)';
    const rows = [
      event.status,
      when.join(' to '),
      ...['location', 'description']
        .map((name) => event.fields[name])
        .filter((value) => typeof value === 'string'),
      ...event.attendees.map(({ email, responseStatus }) => `${email}: ${responseStatus}`),
    ];
    const lines = rows.map((row) => `<p>${escapeHtml(row)}</p>`).join('');
    return replyPage(
      200,
      title,
      `<small>${escapeHtml(event.calendarId)} (sandbox stand-in)</small><h1>${escapeHtml(title)}</h1>${lines}`,
    );
  });
}
