import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeRaw } from '../../src/actions/gmail/compose.ts';
import { startGoogleDesk } from './google-desk.ts';

let desk: Awaited<ReturnType<typeof startGoogleDesk>>;

beforeAll(async () => {
  desk = await startGoogleDesk();
});
afterAll(() => desk.google.stop());

const MAIL = {
  to: ['priya@acme.test'],
  subject: 'Neue Zeit – 16 Uhr',
  text: 'Hallo Priya,\n\ngeht 16 Uhr?\n\nAda',
};
const mailboxOf = (email: string) => {
  const mailbox = desk.google.world.mailboxes().find((entry) => entry.email === email);
  if (mailbox === undefined) throw new Error(`no mailbox ${email}`);
  return mailbox;
};
const listSubjects = (email: string) => mailboxOf(email).messages.map(({ subject }) => subject);
const findId = (subject: string) =>
  mailboxOf('ada@acme.test').messages.find((mail) => mail.subject === subject)?.id;

describe('reading mail', () => {
  it('lists messages by a search, newest first', async () => {
    const call = await desk.ada.propose('gmail.messages.list', { query: 'from:priya@acme.test', max: 5 });
    const { data } = await call.execute();
    expect(data).toMatchObject({
      messages: [
        { from: 'Priya Raman <priya@acme.test>', subject: 'Q4 plan', date: '2026-11-03T07:00:00+01:00' },
        { subject: 'Notes from our last 1:1' },
      ],
    });
    expect(call.performed[0]).toMatchObject({ host: 'gmail.googleapis.com' });
    expect(call.performed.map(({ path }) => path.split('?')[0])).toContain('/gmail/v1/users/me/messages');
  });

  it('stays within the number of requests for the longest list', async () => {
    const call = await desk.ada.propose('gmail.messages.list', { max: 25 });
    const { data } = await call.execute();
    expect((data as { messages: unknown[] }).messages.length).toBe(call.performed.length - 1);
  });

  it('reads the text of a message', async () => {
    const message = findId('Grüße aus München – Vertrag');
    const { data } = await (await desk.ada.propose('gmail.messages.get', { message })).execute();
    expect(data).toMatchObject({
      from: 'Jürgen Groß <juergen@partner.example>',
      text: expect.stringContaining('der unterschriebene Vertrag') as string,
      truncated: false,
    });
  });
});

describe('gmail.messages.send', () => {
  it('sends plain text to everybody named, once', async () => {
    const call = await desk.ada.propose('gmail.messages.send', {
      ...MAIL,
      cc: ['Ben <ben@ACME.test>'],
      bcc: ['sam@partner.example'],
    });
    expect(call.facts.recipients).toEqual(['priya@acme.test', 'ben@acme.test', 'sam@partner.example']);
    expect(call.preview).toMatchObject({
      title: 'Send an e-mail',
      line: '“Neue Zeit – 16 Uhr” to priya@acme.test and 2 more recipients',
      targets: [{ value: 'priya@acme.test' }, { value: 'ben@acme.test' }, { value: 'sam@partner.example' }],
    });
    expect(listSubjects('priya@acme.test')).not.toContain(MAIL.subject);
    const { data } = await call.execute();
    expect(data).toMatchObject({ id: expect.any(String) as string });
    const received = mailboxOf('priya@acme.test').messages[0];
    expect(received).toMatchObject({ subject: MAIL.subject, to: 'priya@acme.test', bcc: '' });
    expect(received?.text.replaceAll('\r\n', '\n').trim()).toBe(MAIL.text);
    expect(mailboxOf('ada@acme.test').messages[0]).toMatchObject({
      from: 'Ada Lovelace <ada@acme.test>',
      bcc: 'sam@partner.example',
      labels: ['SENT'],
    });
    expect(call.performed.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /gmail/v1/users/me/drafts',
      'POST /gmail/v1/users/me/drafts/send',
    ]);
    expect(call.handle()).toMatchObject({
      header: expect.stringMatching(/^[0-9A-F]{8}-[0-9a-f]{32}$/) as string,
      draftId: expect.any(String) as string,
    });
    expect(await call.reconcile()).toMatchObject({ outcome: 'done', result: { data } });
  });

  it('answers in the thread of a message, to its author', async () => {
    const replyTo = findId('Lunch on Thursday?');
    const call = await desk.ada.propose('gmail.messages.send', { replyTo, text: 'Yes, for two.' });
    expect(call.args).toMatchObject({
      to: ['sam@partner.example'],
      subject: 'Re: Lunch on Thursday?',
      reply: {
        from: 'Sam Okafor <sam@partner.example>',
        inReplyTo: expect.stringMatching(/^<.+@.+>$/) as string,
      },
    });
    await call.execute();
    const [answer, ...others] = mailboxOf('ada@acme.test').messages;
    expect(answer?.threadId).toBe(others.find(({ id }) => id === replyTo)?.threadId);
  });

  it('tells a draft that was not sent from a mail whose answer was lost', async () => {
    const call = await desk.ada.propose('gmail.messages.send', { ...MAIL, subject: 'Lost answer' });
    expect(await call.reconcile()).toEqual({ outcome: 'not_done' });
    const isSend = (_method: string, path: string) => path.endsWith('/drafts/send');
    desk.google.world.faults.failNext({ match: isSend, status: 503 });
    await expect(call.execute()).rejects.toMatchObject({
      code: 'provider_unavailable',
      effectPossible: true,
    });
    expect(await call.reconcile()).toEqual({ outcome: 'not_done' });
    desk.google.world.faults.failNext({ match: isSend, dropAnswer: true });
    await expect(call.execute()).rejects.toMatchObject({
      code: 'provider_unreachable',
      effectPossible: true,
    });
    expect(await call.reconcile()).toMatchObject({
      outcome: 'done',
      result: { summary: expect.any(String) as string },
    });
    expect(listSubjects('priya@acme.test').filter((subject) => subject === 'Lost answer')).toHaveLength(1);
  });

  it('knows that nothing was sent when the draft itself was lost', async () => {
    const call = await desk.ada.propose('gmail.messages.send', { ...MAIL, subject: 'Lost draft' });
    desk.google.world.faults.failNext({
      match: (_method, path) => path.endsWith('/drafts'),
      dropAnswer: true,
    });
    await expect(call.execute()).rejects.toMatchObject({
      code: 'provider_unreachable',
      effectPossible: false,
    });
    expect(await call.reconcile()).toEqual({ outcome: 'not_done' });
  });

  it('does not know what became of a draft that was thrown away', async () => {
    const call = await desk.ada.propose('gmail.messages.send', { ...MAIL, subject: 'Thrown away' });
    desk.google.world.faults.failNext({ match: (_method, path) => path.endsWith('/send'), status: 500 });
    await expect(call.execute()).rejects.toMatchObject({ code: 'provider_unavailable' });
    const draft = `${desk.origin}/gmail/v1/users/me/drafts/${String(call.handle()['draftId'])}`;
    const headers = { authorization: `Bearer ${await desk.signIn('ada@acme.test', 'gmail.drafts.create')}` };
    expect((await fetch(draft, { method: 'DELETE', headers })).status).toBe(204);
    expect(await call.reconcile()).toMatchObject({
      outcome: 'unknown',
      look: expect.stringContaining('Thrown away') as string,
    });
  });

  it.each([
    [{ ...MAIL, subject: 'Hi\r\nBcc: evil@else.example' }, 'subject must be one line'],
    [{ ...MAIL, to: ['priya@acme.test\r\nBcc: evil@else.example'] }, 'no e-mail address'],
    [{ ...MAIL, to: ['priya@acme.test, evil@else.example'] }, 'no e-mail address'],
    [{ ...MAIL, to: [] }, 'at least one recipient'],
    [{ to: MAIL.to, text: 'x' }, 'needs a subject'],
    [{ ...MAIL, replyTo: '../drafts' }, 'id of a message'],
  ])('refuses %j', async (given, problem) => {
    await expect(desk.ada.propose('gmail.messages.send', given)).rejects.toMatchObject({
      code: 'arguments_invalid',
      details: { problem: expect.stringContaining(problem) as string },
    });
  });
});

describe('gmail.drafts.create', () => {
  it('leaves a draft and sends nothing', async () => {
    const call = await desk.ada.propose('gmail.drafts.create', { ...MAIL, subject: 'Only a draft' });
    const { data } = await call.execute();
    const { drafts } = mailboxOf('ada@acme.test');
    expect(drafts.find(({ subject }) => subject === 'Only a draft')?.draftId).toBe(
      (data as { draftId: string }).draftId,
    );
    expect(listSubjects('priya@acme.test')).not.toContain('Only a draft');
  });

  it('finds a draft whose answer was lost, and does not know about one it cannot find', async () => {
    const call = await desk.ada.propose('gmail.drafts.create', { ...MAIL, subject: 'Lost but there' });
    expect(await call.reconcile()).toMatchObject({ outcome: 'unknown' });
    desk.google.world.faults.failNext({ match: (method) => method === 'POST', dropAnswer: true });
    await expect(call.execute()).rejects.toMatchObject({ effectPossible: true });
    expect(await call.reconcile()).toMatchObject({
      outcome: 'done',
      result: { data: { draftId: expect.any(String) as string } },
    });
  });
});

describe('composeRaw', () => {
  it('writes one header a line, whatever the words are', async () => {
    const mail = {
      from: { name: 'Ada "the" <first>', address: 'ada@acme.test' },
      to: ['priya@acme.test'],
      cc: [],
      bcc: ['ben@acme.test'],
      subject: 'ü'.repeat(300),
      text: '.\nBcc: evil@else.example\n'.repeat(50),
    };
    const message = Buffer.from(await composeRaw(mail, 'K7M2Q9XA-1'), 'base64url').toString('utf8');
    const head = message.slice(0, message.indexOf('\r\n\r\n'));
    expect(head.match(/^bcc:.*$/gim)).toEqual(['Bcc: ben@acme.test']);
    expect(head).toMatch(/^x-agentdesk-call: K7M2Q9XA-1$/im);
    expect(head).toMatch(/^content-type: text\/plain; charset=utf-8$/im);
  });
});
