import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGoogleDesk } from './google-desk.ts';

let desk: Awaited<ReturnType<typeof startGoogleDesk>>;

beforeAll(async () => {
  desk = await startGoogleDesk();
});
afterAll(() => desk.google.stop());

const listEvents = (email: string) =>
  desk.google.world.calendars().find((entry) => entry.email === email)?.events ?? [];
const findEvent = (title: string) => {
  const event = listEvents('ada@acme.test').find((entry) => entry.title === title);
  if (event === undefined) throw new Error(`no event ${title}`);
  return event;
};

describe('calendar.events.list', () => {
  it('lists a day in the zone of the member', async () => {
    const call = await desk.ada.propose('calendar.events.list', { from: '2026-11-03', to: '2026-11-03' });
    expect(call.args).toMatchObject({
      calendar: 'ada@acme.test',
      from: '2026-11-03T00:00:00+01:00',
      to: '2026-11-04T00:00:00+01:00',
    });
    const { data } = await call.execute();
    expect(data).toMatchObject({
      truncated: false,
      events: [
        { title: 'Standup', start: '2026-11-03T09:30:00+01:00', allDay: false },
        { title: '1:1 with Priya', location: 'Room Turing', guests: ['ada@acme.test', 'priya@acme.test'] },
      ],
    });
    expect(call.performed[0]).toMatchObject({ method: 'GET', host: 'www.googleapis.com' });
    expect(call.performed[0]?.path).toContain('/calendar/v3/calendars/ada%40acme.test/events?');
  });

  it('shows the last day of an event of whole days', async () => {
    const call = await desk.ada.propose('calendar.events.list', {
      from: '2026-11-09',
      to: '2026-11-09',
      query: 'offsite',
    });
    expect((await call.execute()).data).toMatchObject({
      events: [{ title: 'Company offsite', start: '2026-11-09', end: '2026-11-09', allDay: true }],
    });
  });
});

describe('calendar.freebusy.query', () => {
  it('tells who is busy, when all are free, and whose calendar is hidden', async () => {
    const call = await desk.ada.propose('calendar.freebusy.query', {
      from: '2026-11-03T08:00',
      to: '2026-11-03T18:00',
      people: ['ada@acme.test', 'stranger@else.example'],
    });
    const { data } = await call.execute();
    expect(data).toMatchObject({
      busy: [
        { person: 'ada@acme.test', start: '2026-11-03T09:30:00+01:00', end: '2026-11-03T09:45:00+01:00' },
        { person: 'ada@acme.test', start: '2026-11-03T15:00:00+01:00', end: '2026-11-03T15:30:00+01:00' },
      ],
      free: [
        { start: '2026-11-03T08:00:00+01:00', end: '2026-11-03T09:30:00+01:00' },
        { start: '2026-11-03T09:45:00+01:00', end: '2026-11-03T15:00:00+01:00' },
        { start: '2026-11-03T15:30:00+01:00', end: '2026-11-03T18:00:00+01:00' },
      ],
      notVisible: ['stranger@else.example'],
    });
  });
});

const ATTEMPT = 'a0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5';

describe('calendar.events.insert', () => {
  const wish = {
    title: 'Budget',
    start: '2026-11-03T15:10',
    end: '2026-11-03T16:00',
    guests: ['Ben@ACME.test'],
  };

  it('says who is invited and what is in the way, and creates the event under its own id', async () => {
    const call = await desk.ada.propose('calendar.events.insert', wish, ATTEMPT);
    expect(call.facts).toEqual({
      recipients: ['ben@acme.test'],
      guests: ['ben@acme.test'],
      calendar: 'ada@acme.test',
      calendarShared: false,
    });
    expect(call.preview.targets).toEqual([
      { kind: 'calendar', value: 'ada@acme.test' },
      { kind: 'address', value: 'Ben@acme.test' },
    ]);
    expect(call.preview.notes).toContain('1 guest will be mailed an invitation.');
    expect(call.args['conflicts']).toEqual([
      '1:1 with Priya: Tue 3 Nov 2026, 15:00 (UTC+01:00) to Tue 3 Nov 2026, 15:30 (UTC+01:00)',
    ]);
    expect(desk.google.world.effects()).toEqual([]);
    const { data } = await call.execute();
    expect(data).toMatchObject({ id: `agentdesk${ATTEMPT}`, title: 'Budget' });
    expect(findEvent('Budget')).toMatchObject({
      start: '2026-11-03T14:10:00.000Z',
      timeZone: 'Europe/Berlin',
    });
    expect(desk.google.world.effects().map(({ kind }) => kind)).toContain('event.inserted');
  });

  it('takes a second insert of the same id for a possible effect', async () => {
    const again = await desk.ada.propose('calendar.events.insert', wish, ATTEMPT);
    await expect(again.execute()).rejects.toMatchObject({ code: 'provider_conflict', effectPossible: true });
    expect(await again.reconcile()).toMatchObject({ outcome: 'done', result: { data: { title: 'Budget' } } });
  });

  it('finds an event whose answer was lost, and one that was deleted since', async () => {
    const fresh = await startGoogleDesk();
    const call = await fresh.ada.propose('calendar.events.insert', {
      ...wish,
      start: '2026-11-04',
      end: '2026-11-05',
    });
    expect(await call.reconcile()).toEqual({ outcome: 'not_done' });
    fresh.google.world.faults.failNext({ match: (method) => method === 'POST', dropAnswer: true });
    await expect(call.execute()).rejects.toMatchObject({
      code: 'provider_unreachable',
      effectPossible: true,
    });
    expect(await call.reconcile()).toMatchObject({
      outcome: 'done',
      result: { data: { title: 'Budget', start: '2026-11-04', end: '2026-11-05' } },
    });
    const event = fresh.google.world.calendars()[0]?.events.find(({ title }) => title === 'Budget');
    expect(event).toMatchObject({ start: '2026-11-04', end: '2026-11-06' });
    await (await fresh.ada.propose('calendar.events.delete', { event: event?.id })).execute();
    expect(await call.reconcile()).toMatchObject({ outcome: 'done' });
    await fresh.google.stop();
  });

  it('knows a calendar that others read, and says when that cannot be told', async () => {
    const calendar = 'acme-team@group.calendar.google.com';
    const mine = await desk.ada.propose('calendar.events.insert', { ...wish, calendar });
    expect(mine.facts.calendarShared).toBe(true);
    const writers = await desk.ben.propose('calendar.events.insert', { ...wish, calendar });
    expect(writers.facts.calendarShared).toBeNull();
  });

  it.each([
    [{ ...wish, end: '2026-11-03T15:10' }, 'end must be after start'],
    [{ ...wish, start: '2026-11-03' }, 'both be days or both be times'],
    [{ ...wish, start: '2026-02-30T10:00' }, 'start must be a real date'],
    [{ ...wish, guests: ['ben'] }, 'no e-mail address'],
    [{ ...wish, title: 'a\nb' }, 'title must be one line'],
    [{ ...wish, color: 'red' }, 'color'],
  ])('refuses %j', async (given, problem) => {
    await expect(desk.ada.propose('calendar.events.insert', given)).rejects.toMatchObject({
      code: 'arguments_invalid',
      details: { action: 'calendar.events.insert', problem: expect.stringContaining(problem) as string },
    });
  });
});

describe('calendar.events.patch', () => {
  it('moves an event, keeps its length and what guests answered, and shows before and after', async () => {
    const { id } = findEvent('Q4 planning');
    const call = await desk.ada.propose('calendar.events.patch', {
      event: id,
      start: '2026-11-05T09:00',
      addGuests: ['sam@partner.example'],
      removeGuests: ['priya@acme.test'],
    });
    expect(call.args['changes']).toMatchObject({
      start: { from: '2026-11-04T14:00:00+01:00', to: '2026-11-05T09:00:00+01:00' },
      end: { from: '2026-11-04T15:00:00+01:00', to: '2026-11-05T10:00:00+01:00' },
    });
    expect(call.facts.guests).toEqual(['ben@acme.test', 'priya@acme.test', 'sam@partner.example']);
    expect(call.preview.fields.find(({ path }) => path === '/changes/guests')).toEqual({
      path: '/changes/guests',
      label: 'Guests',
      before: 'ada@acme.test, accepted\nben@acme.test, accepted\npriya@acme.test, accepted',
      value: 'ada@acme.test, accepted\nben@acme.test, accepted\nsam@partner.example, not answered',
    });
    await call.execute();
    expect(findEvent('Q4 planning')).toMatchObject({
      start: '2026-11-05T08:00:00.000Z',
      guests: [
        { email: 'ada@acme.test', answer: 'accepted' },
        { email: 'ben@acme.test', answer: 'accepted' },
        { email: 'sam@partner.example', answer: 'needsAction' },
      ],
    });
  });

  it('reads back whether a change whose answer was lost was made', async () => {
    const { id } = findEvent('Lunch with Sam');
    const call = await desk.ada.propose('calendar.events.patch', { event: id, location: 'Roof' });
    expect(await call.reconcile()).toEqual({ outcome: 'not_done' });
    desk.google.world.faults.failNext({ match: (method) => method === 'PATCH', dropAnswer: true });
    await expect(call.execute()).rejects.toMatchObject({
      code: 'provider_unreachable',
      effectPossible: true,
    });
    expect(await call.reconcile()).toMatchObject({ outcome: 'done' });
    expect(findEvent('Lunch with Sam').location).toBe('Roof');
  });

  it('does nothing to an event that changed since, and cannot say whether a mixed state is ours', async () => {
    const { id } = findEvent('Focus time');
    const first = await desk.ada.propose('calendar.events.patch', { event: id, title: 'Deep work' });
    const second = await desk.ada.propose('calendar.events.patch', { event: id, description: 'No calls' });
    await second.execute();
    await expect(first.execute()).rejects.toMatchObject({ code: 'provider_changed', effectPossible: false });
    expect(await first.reconcile()).toMatchObject({ outcome: 'unknown' });
  });

  it('turns a timed event into one of whole days', async () => {
    const { id } = findEvent('Dentist');
    const call = await desk.ada.propose('calendar.events.patch', {
      event: id,
      start: '2026-11-06',
      end: '2026-11-06',
    });
    await call.execute();
    expect(findEvent('Dentist')).toMatchObject({ start: '2026-11-06', end: '2026-11-07' });
  });

  it('refuses a change that changes nothing, and an event that is not there', async () => {
    const { id, title } = findEvent('1:1 with Priya');
    await expect(desk.ada.propose('calendar.events.patch', { event: id, title })).rejects.toMatchObject({
      code: 'arguments_invalid',
    });
    await expect(
      desk.ada.propose('calendar.events.patch', { event: 'nowhere', title }),
    ).rejects.toMatchObject({
      code: 'provider_not_found',
      message: expect.stringContaining('Google Calendar cannot find that event') as string,
    });
  });
});

describe('calendar.events.delete', () => {
  it('names the event and its guests, deletes it once, and knows that it is gone', async () => {
    const { id } = findEvent('1:1 with Priya');
    const call = await desk.ada.propose('calendar.events.delete', { event: id });
    expect(call.preview.notes).toEqual(['This cannot be undone.', '1 guest will be mailed a cancellation.']);
    expect(await call.reconcile()).toEqual({ outcome: 'not_done' });
    desk.google.world.faults.failNext({ match: (method) => method === 'DELETE', dropAnswer: true });
    await expect(call.execute()).rejects.toMatchObject({ effectPossible: true });
    expect(await call.reconcile()).toMatchObject({ outcome: 'done' });
    await expect(call.execute()).rejects.toMatchObject({ code: 'provider_gone' });
    await expect(desk.ada.propose('calendar.events.delete', { event: id })).rejects.toMatchObject({
      code: 'provider_gone',
    });
  });

  it('is stopped by a version that moved on', async () => {
    const { id } = findEvent('Lunch with Sam');
    const call = await desk.ada.propose('calendar.events.delete', { event: id });
    await (await desk.ada.propose('calendar.events.patch', { event: id, location: 'Cantina' })).execute();
    await expect(call.execute()).rejects.toMatchObject({ code: 'provider_changed' });
    expect(await call.reconcile()).toEqual({ outcome: 'not_done' });
  });
});
