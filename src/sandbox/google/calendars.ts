import { replyJson } from '../http/exchange.ts';
import type { Router } from '../http/router.ts';
import { requireAccess } from './access.ts';
import { requireCalendar, roleOf } from './calendar-access.ts';
import { ACCEPTED } from './scopes.ts';
import type { Calendar } from './calendar-state.ts';
import type { Google, Person } from './state.ts';

const BASE = '/calendar/v3';

/** calendarList, calendars and acl: which calendars there are and who may see them. */
export function addCalendars(router: Router, google: Google): void {
  router.on('GET', `${BASE}/users/me/calendarList`, (request) => {
    const person = requireAccess(google, request, 'calendar', ACCEPTED.calendarList);
    const own = google.store.state.calendars.filter(
      (calendar) =>
        calendar.id === person.email || (!calendar.id.endsWith('.test') && roleOf(calendar, person.email)),
    );
    const items = own.map((calendar) => renderEntry(calendar, person));
    return replyJson(200, { kind: 'calendar#calendarList', etag: etag(own), nextSyncToken: 'none', items });
  });
  router.on('GET', `${BASE}/users/me/calendarList/{calendarId}`, (request) => {
    const person = requireAccess(google, request, 'calendar', ACCEPTED.calendarList);
    const calendar = requireCalendar(google, person, request.params['calendarId'] ?? '', 'freeBusyReader');
    return replyJson(200, renderEntry(calendar, person));
  });
  router.on('GET', `${BASE}/calendars/{calendarId}`, (request) => {
    const person = requireAccess(google, request, 'calendar', ACCEPTED.calendars);
    const calendar = requireCalendar(google, person, request.params['calendarId'] ?? '', 'freeBusyReader');
    const { id, summary, timeZone } = calendar;
    return replyJson(200, { kind: 'calendar#calendar', etag: etag([calendar]), id, summary, timeZone });
  });
  router.on('GET', `${BASE}/calendars/{calendarId}/acl`, (request) => {
    const person = requireAccess(google, request, 'calendar', ACCEPTED.acl);
    // Only owners may see whom a calendar is shared with.
    const calendar = requireCalendar(google, person, request.params['calendarId'] ?? '', 'owner');
    const items = calendar.acl.map(({ role, type, value }) => ({
      kind: 'calendar#aclRule',
      etag: etag([calendar]),
      id: `${type}:${value}`,
      scope: { type, value },
      role,
    }));
    return replyJson(200, { kind: 'calendar#acl', etag: etag([calendar]), nextSyncToken: 'none', items });
  });
}

function etag(calendars: readonly Calendar[]): string {
  return `"${calendars.map(({ id }) => id.length).join('')}1"`;
}

function renderEntry(calendar: Calendar, person: Person): unknown {
  return {
    kind: 'calendar#calendarListEntry',
    etag: etag([calendar]),
    id: calendar.id,
    summary: calendar.summary,
    timeZone: calendar.timeZone,
    colorId: '14',
    selected: true,
    accessRole: roleOf(calendar, person.email),
    defaultReminders: [],
    ...(calendar.id === person.email && { primary: true }),
  };
}
