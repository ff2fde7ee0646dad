import { PEOPLE } from './people.ts';
import type { Attendee, Calendar, CalendarEvent, CalendarTime } from './calendar-state.ts';
import { dayIn, instantOf } from './zone.ts';

const TEAM_CALENDAR = 'acme-team@group.calendar.google.com';

/** Everybody's own calendar is shared with nobody; the team's is shared. */
export function seedCalendars(): Calendar[] {
  const own = PEOPLE.map(({ email, timeZone }): Calendar => {
    return { id: email, summary: email, timeZone, acl: [{ role: 'owner', type: 'user', value: email }] };
  });
  const team: Calendar = {
    id: TEAM_CALENDAR,
    summary: 'Acme team',
    timeZone: 'Europe/Berlin',
    acl: [
      { role: 'owner', type: 'user', value: 'ada@acme.test' },
      { role: 'writer', type: 'user', value: 'ben@acme.test' },
      { role: 'reader', type: 'domain', value: 'acme.test' },
    ],
  };
  return [...own, team];
}

interface Planned {
  readonly key: string;
  readonly calendar: string;
  readonly zone: string;
  readonly title: string;
  /** Days from today. */
  readonly day: number;
  /** `HH:mm` from and to; absent for an all-day event. */
  readonly from?: string;
  readonly to?: string;
  readonly guests?: readonly string[];
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** A plausible week around `now`, in each member's own zone. */
export function seedEvents(now: Date): CalendarEvent[] {
  const members = PEOPLE.filter(({ email }) => email.startsWith('ada@') || email.startsWith('ben@'));
  const events: CalendarEvent[] = [];
  const add = (plan: Planned, extra: Partial<CalendarEvent> = {}): void => {
    events.push({ ...planEvent(now, plan, events.length + 1), ...extra });
  };
  for (const { email: calendar, timeZone: zone } of members) {
    const who = calendar.slice(0, 3);
    const meet = { calendar, zone };
    add({
      ...meet,
      key: `${who}1n1priya`,
      title: '1:1 with Priya',
      day: 0,
      from: '15:00',
      to: '15:30',
      guests: ['priya@acme.test'],
      fields: { location: 'Room Turing' },
    });
    add({ ...meet, key: `${who}focus`, title: 'Focus time', day: 1, from: '10:00', to: '12:00' });
    add({
      ...meet,
      key: `${who}lunch`,
      title: 'Lunch with Sam',
      day: 2,
      from: '12:30',
      to: '13:30',
      fields: { location: 'Cantina' },
    });
    add({
      ...meet,
      key: `${who}dentist`,
      title: 'Dentist',
      day: 3,
      from: '16:00',
      to: '17:00',
      fields: { visibility: 'private' },
    });
    add({ ...meet, key: `${who}offsite`, title: 'Company offsite', day: 6 });
    addStandup(now, meet, who, add);
  }
  const berlin = { calendar: 'ada@acme.test', zone: 'Europe/Berlin' };
  add({
    ...berlin,
    key: 'q4planning',
    title: 'Q4 planning',
    day: 1,
    from: '14:00',
    to: '15:00',
    guests: ['ben@acme.test', 'priya@acme.test'],
    fields: { description: 'Bring the numbers of Q3.' },
  });
  add({
    calendar: TEAM_CALENDAR,
    zone: 'Europe/Berlin',
    key: 'release',
    title: 'Release train',
    day: 2,
    from: '11:00',
    to: '11:30',
  });
  return events;
}

/** A series and its instances, every weekday of the next fortnight, today included. */
function addStandup(
  now: Date,
  place: { readonly calendar: string; readonly zone: string },
  who: string,
  add: (plan: Planned, extra?: Partial<CalendarEvent>) => void,
): void {
  const plan = { ...place, key: `${who}standup`, title: 'Standup', from: '09:30', to: '09:45' };
  add({ ...plan, day: 0 }, { recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR'] });
  for (let day = 0; day < 14; day += 1) {
    const date = dayIn(place.zone, now.getTime(), day);
    if ([0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay())) continue;
    const at = new Date(instantOf(place.zone, `${date}T09:30:00`)).toISOString().replace(/[-:]|\.\d+/g, '');
    const series = planEvent(now, { ...plan, day: 0 }, 0);
    add({ ...plan, day }, { id: `${series.id}_${at}`, recurringEventId: series.id, iCalUID: series.iCalUID });
  }
}

function planEvent(now: Date, plan: Planned, revision: number): CalendarEvent {
  const created = new Date(now.getTime() - 7 * 86_400_000).toISOString();
  const id = `seed${Buffer.from(plan.key).toString('hex')}`;
  const guests = plan.guests ?? [];
  const answers = [plan.calendar, ...guests].map((email): Attendee => ({
    email,
    responseStatus: 'accepted',
  }));
  const at = (time: string | undefined, day: number): CalendarTime => {
    const date = dayIn(plan.zone, now.getTime(), day);
    if (time === undefined) return { date };
    return {
      instant: new Date(instantOf(plan.zone, `${date}T${time}:00`)).toISOString(),
      timeZone: plan.zone,
    };
  };
  return {
    id,
    calendarId: plan.calendar,
    creator: plan.calendar === TEAM_CALENDAR ? 'ada@acme.test' : plan.calendar,
    created,
    updated: created,
    iCalUID: `${id}@google.com`,
    revision,
    sequence: 0,
    status: 'confirmed',
    start: at(plan.from, plan.day),
    end: at(plan.to, plan.from === undefined ? plan.day + 1 : plan.day),
    attendees: guests.length > 0 ? answers : [],
    fields: { summary: plan.title, ...plan.fields },
    hiddenFor: [],
  };
}
