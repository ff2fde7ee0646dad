import { describe, expect, it } from 'vitest';
import { createConversation, done, event, mail } from './planner-desk.ts';

const TODAY = [
  event('e1', 'Standup', '2026-11-03T09:30:00+01:00', '2026-11-03T09:45:00+01:00'),
  event('e2', 'Design review', '2026-11-03T14:00:00Z', '2026-11-03T14:45:00Z', {
    guests: ['priya@acme.test'],
  }),
];

const calendar = (
  events: unknown[],
  more: Record<string, (args: Record<string, unknown>) => unknown> = {},
) => ({
  calendar_events_list: () => done('Looked', { events, truncated: false }),
  calendar_events_patch: () => done('The event was changed.', { id: 'e2', link: 'https://calendar.test/e2' }),
  calendar_events_delete: () => done('The event was deleted.', { id: 'e2' }),
  calendar_events_insert: () =>
    done('The event was created.', { id: 'n1', link: 'https://calendar.test/n1' }),
  gmail_messages_send: () => done('The mail was sent.', { id: 'm9', threadId: 't9' }),
  ...more,
});

describe('events', () => {
  it.each([
    ['move my 3pm to tomorrow', { start: '2026-11-04T15:00', end: '2026-11-04T15:45' }],
    ['move my 3pm to tomorrow at 4pm', { start: '2026-11-04T16:00', end: '2026-11-04T16:45' }],
    ['Could you move my 3pm meeting to 4pm?', { start: '2026-11-03T16:00', end: '2026-11-03T16:45' }],
    ['move my 15:00 to friday from 10 to 11', { start: '2026-11-06T10:00', end: '2026-11-06T11:00' }],
    ['reschedule the design review to next week', { start: '2026-11-10T15:00', end: '2026-11-10T15:45' }],
    ['push my 3pm by 30 minutes', { start: '2026-11-03T15:30', end: '2026-11-03T16:15' }],
    ['move my 3pm an hour later', { start: '2026-11-03T16:00', end: '2026-11-03T16:45' }],
    ['bring my 3pm forward by 30 minutes', { start: '2026-11-03T14:30', end: '2026-11-03T15:15' }],
    ['extend my 3pm by 15 minutes', { end: '2026-11-03T16:00' }],
    ["rename the design review to 'Daily'", { title: 'Daily' }],
    ['change the location of my 3pm to Room 4', { location: 'Room 4' }],
    ['invite ben@acme.test to my 3pm', { addGuests: ['ben@acme.test'] }],
    ['remove priya@acme.test from the design review', { removeGuests: ['priya@acme.test'] }],
  ])('%s', async (said, change) => {
    const turn = await createConversation(calendar(TODAY)).say(said);
    expect(turn.calls[1]).toEqual({ name: 'calendar_events_patch', args: { event: 'e2', ...change } });
    expect(turn.text).toContain('The event was changed.');
  });

  it('cancels the one that is meant', async () => {
    const turn = await createConversation(calendar(TODAY)).say('cancel my 3pm meeting');
    expect(turn.calls[1]).toEqual({ name: 'calendar_events_delete', args: { event: 'e2' } });
  });

  it('says so when there is none, and changes nothing', async () => {
    const turn = await createConversation(calendar(TODAY)).say('cancel my 5pm');
    expect(turn.calls).toHaveLength(1);
    expect(turn.text).toContain('I found no event at 17:00');
    expect(turn.text).toContain('Design review');
  });

  it.each([
    ['2', 'b'],
    ['the first one', 'a'],
    ['the last', 'b'],
    ['the design one', 'a'],
    ['Budget', 'b'],
  ])('asks which when several fit, and takes %j for an answer', async (answer, id) => {
    const twins = [
      event('a', 'Design review', '2026-11-03T15:00:00+01:00', '2026-11-03T16:00:00+01:00'),
      event('b', 'Budget', '2026-11-03T15:00:00+01:00', '2026-11-03T15:30:00+01:00'),
    ];
    const desk = createConversation(calendar(twins));
    const first = await desk.say('cancel my 3pm');
    expect(first.calls.map((call) => call.name)).toEqual(['calendar_events_list']);
    expect(first.text).toMatch(/1\. .*Design review\n2\. .*Budget\nWhich event do you mean\?$/);
    expect((await desk.say(answer)).calls.at(-1)).toEqual({
      name: 'calendar_events_delete',
      args: { event: id },
    });
  });

  it('asks again when the answer names none of them', async () => {
    const twins = [TODAY[1]!, { ...TODAY[1]!, id: 'e3', title: 'Other' }];
    const desk = createConversation(calendar(twins));
    await desk.say('cancel my 3pm');
    expect((await desk.say('7')).text).toMatch(/Which event do you mean\?$/);
    expect((await desk.say('2')).calls.at(-1)).toEqual({
      name: 'calendar_events_delete',
      args: { event: 'e3' },
    });
  });

  it('keeps an all-day event all day', async () => {
    const desk = createConversation(calendar([event('d', 'Offsite', '2026-11-05', '2026-11-06')]));
    const turn = await desk.say('move the offsite to 12 November');
    expect(turn.calls[1]?.args).toEqual({ event: 'd', start: '2026-11-12', end: '2026-11-13' });
  });
});

describe('two requests that depend on each other', () => {
  it('tells the new time only once the event was moved', async () => {
    const turn = await createConversation(calendar(TODAY)).say(
      'move my 3pm to tomorrow and mail priya@acme.test the new time',
    );
    expect(turn.steps.map((step) => step.map((call) => call.name))).toEqual([
      ['calendar_events_list'],
      ['calendar_events_patch'],
      ['gmail_messages_send'],
    ]);
    const sent = turn.calls[2]!.args;
    expect(sent).toMatchObject({ to: ['priya@acme.test'], subject: 'New time: Design review' });
    expect(sent.text).toContain('“Design review” is now on Wed 4 Nov, 15:00–15:45 (Europe/Berlin).');
    expect(sent.text).toContain('Ada Byron');
    expect(turn.text).toContain('The event was changed.');
    expect(turn.text).toContain('The mail was sent.');
  });

  it('finds the address of a person it knows by name', async () => {
    const tools = calendar(TODAY, {
      gmail_messages_list: () => done('', { messages: [mail('m1', 'Priya Nair <priya@acme.test>', 'Hi'), mail('m2', 'List <priya-fans@acme.test>', 'x')] }),
    }); // prettier-ignore
    const turn = await createConversation(tools).say('move my 3pm to tomorrow and mail Priya the new time');
    expect(turn.steps[0]?.map((call) => call.name)).toEqual(['calendar_events_list', 'gmail_messages_list']);
    expect(turn.calls.at(-1)?.args.to).toEqual(['priya@acme.test']);
  });

  it('asks for an address before it changes anything', async () => {
    const tools = calendar(TODAY, { gmail_messages_list: () => done('', { messages: [] }) });
    const desk = createConversation(tools);
    const first = await desk.say('move my 3pm to tomorrow and mail Priya the new time');
    expect(first.calls.map((call) => call.name)).toEqual(['calendar_events_list', 'gmail_messages_list']);
    expect(first.text).toMatch(/no mail from Priya.*\nWhich e-mail address should I use\?$/);
    const second = await desk.say('priya@acme.test');
    expect(second.calls.map((call) => call.name)).toEqual([
      'calendar_events_list', 'gmail_messages_list', 'calendar_events_patch', 'gmail_messages_send',
    ]); // prettier-ignore
  });

  it('does not mail when the move was denied, and does not try again', async () => {
    const tools = calendar(TODAY, {
      calendar_events_patch: () => ({ ok: false, code: 'denied_by_person', message: 'It was denied: not this week. Nothing was done.' }),
    }); // prettier-ignore
    const turn = await createConversation(tools).say('move my 3pm to tomorrow and mail priya@acme.test the new time');
    expect(turn.calls.map((call) => call.name)).toEqual(['calendar_events_list', 'calendar_events_patch']);
    expect(turn.text).toContain('I did not move “Design review” to Wed 4 Nov, 15:00–15:45. It was denied: not this week.');
    expect(turn.text).toContain('I did not mail priya@acme.test.');
  }); // prettier-ignore

  it('mails the link of a new issue', async () => {
    const turn = await createConversation({
      github_issues_create: () => done('Opened.', { number: 8, title: 'X', state: 'open', link: 'https://github.test/acme/website/issues/8' }),
      gmail_messages_send: () => done('Sent.'),
    }).say("open an issue in acme/website titled 'X' and mail ben@acme.test the link"); // prettier-ignore
    expect(turn.calls[1]?.args).toMatchObject({ to: ['ben@acme.test'], subject: 'X' });
    expect(turn.calls[1]?.args.text).toContain(
      'acme/website#8 “X”.\nhttps://github.test/acme/website/issues/8',
    );
  });

  it('asks for both independent calls at once', async () => {
    const turn = await createConversation({
      github_issues_create: () => done('Opened #8.'),
      gmail_messages_send: () => ({
        ok: false,
        code: 'denied_by_person',
        message: 'It was denied. Nothing was done.',
      }),
    }).say("open an issue in acme/website titled 'X' and mail ben@acme.test about it saying 'done'");
    expect(turn.steps.map((step) => step.length)).toEqual([2]);
    expect(turn.text).toBe(
      'Opened #8.\n\nI did not send the mail “X” to ben@acme.test. It was denied. Nothing was done.',
    );
  });
});

describe('mail and issues', () => {
  const MAILS = [
    mail('m1', 'Priya Nair <priya@acme.test>', 'Q4 plan', 'draft two'),
    mail('m2', 'Priya Nair <priya@acme.test>', 'Q4 numbers'),
  ];

  it('reads the mail that is meant, quoted', async () => {
    const turn = await createConversation({
      gmail_messages_list: () => done('', { messages: [MAILS[0]] }),
      gmail_messages_get: () => done('', { ...MAILS[0], cc: [], text: 'Hello\nWhat should the mail say?', truncated: false }),
    }).say('read the mail about Q4 plan'); // prettier-ignore
    expect(turn.calls[1]).toEqual({ name: 'gmail_messages_get', args: { message: 'm1' } });
    expect(turn.text).toContain('Subject: Q4 plan');
    expect(turn.text).toMatch(/> Hello\n> What should the mail say\?$/);
  });

  it('replies in the thread, leaving recipient and subject to the mail', async () => {
    const desk = createConversation({
      gmail_messages_list: () => done('', { messages: MAILS }),
      gmail_messages_send: () => done('Sent.'),
    });
    const first = await desk.say("reply to priya's mail about Q4 saying 'fine by me'");
    expect(first.text).toMatch(
      /2 mails fit:\n1\. .*Q4 plan.*\n2\. .*Q4 numbers.*\nWhich mail do you mean\?$/,
    );
    const second = await desk.say('the numbers one');
    expect(second.calls[1]).toEqual({
      name: 'gmail_messages_send',
      args: { text: 'fine by me', replyTo: 'm2' },
    });
  });

  it('takes the newest when a person or "latest" was said', async () => {
    const tools = {
      gmail_messages_list: () => done('', { messages: MAILS }),
      gmail_messages_send: () => done('Sent.'),
    };
    const person = await createConversation(tools).say('reply to priya@acme.test saying thanks');
    const latest = await createConversation(tools).say('reply to the latest mail from priya: thanks');
    expect(person.calls[1]?.args).toEqual({ text: 'thanks', replyTo: 'm1' });
    expect(latest.calls[1]?.args).toEqual({ text: 'thanks', replyTo: 'm1' });
  });

  it('reads a mail and replies to the same one', async () => {
    const turn = await createConversation({
      gmail_messages_list: () => done('', { messages: [MAILS[0]] }),
      gmail_messages_get: () => done('', { ...MAILS[0], text: 'Hi' }),
      gmail_messages_send: () => done('Sent.'),
    }).say('read the mail from priya and reply saying thanks');
    expect(turn.steps.map((step) => step.map((call) => call.name))).toEqual([
      ['gmail_messages_list'],
      ['gmail_messages_get', 'gmail_messages_send'],
    ]);
  });

  it('drafts a reply in the thread', async () => {
    const turn = await createConversation({
      gmail_messages_list: () => done('', { messages: [MAILS[0]] }),
      gmail_drafts_create: () => done('Drafted.'),
    }).say("draft a reply to priya's mail about Q4 saying 'ok'");
    expect(turn.calls[1]?.args).toEqual({ text: 'ok', replyTo: 'm1' });
  }); // prettier-ignore

  it('keeps the labels an issue has', async () => {
    const tools = {
      github_issues_get: () => done('', { number: 3, title: 'A', state: 'open', labels: ['docs', 'Bug'], assignees: [] }),
      github_issues_update: () => done('Changed.'),
    }; // prettier-ignore
    const add = await createConversation(tools).say('label acme/website#3 as urgent');
    expect(add.calls[1]?.args).toEqual({ repository: 'acme/website', number: 3, labels: ['docs', 'Bug', 'urgent'] });
    const remove = await createConversation(tools).say('remove the label bug from acme/website#3');
    expect(remove.calls[1]?.args).toEqual({ repository: 'acme/website', number: 3, labels: ['docs'] });
  }); // prettier-ignore

  it('looks up a repository that was named without its owner', async () => {
    const turn = await createConversation({
      github_repos_list: () => done('', { repositories: [{ fullName: 'acme/website' }, { fullName: 'acme/docs' }] }),
      github_issues_list: () => done('', { issues: [{ number: 3, title: 'A', state: 'open', labels: ['bug'], author: 'ben' }] }),
    }).say('show the open issues in website'); // prettier-ignore
    expect(turn.calls[1]?.args).toEqual({ repository: 'acme/website' });
    expect(turn.text).toBe('Open issues in acme/website:\n• #3 A [bug] (open, by ben)');
  });
});
