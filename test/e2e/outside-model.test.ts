import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  startFakeOpenAi,
  type FakeOpenAi,
  type FakeReply,
  type FakeRequest,
} from '../support/fake-openai.ts';
import {
  connectByCard,
  findCard,
  press,
  startOutside,
  until,
  type Outside,
  type Seen,
} from '../support/outside.ts';
import { startAsProcess, type RunningProgram } from '../support/program.ts';

const [USER, CHANNEL, KEY] = ['U0BEN', 'D0BEN', 'sk-outside-0123456789abcdef'];
const MAIL = {
  to: ['priya@acme.test'],
  subject: 'Through a model',
  text: 'Hello Priya,\n\nsee you at 3.\n\nBen',
};

/** A model of few words: it looks at the calendar, or mails Priya, and then says how its call went. */
function think({ messages }: FakeRequest): FakeReply {
  const last = messages.at(-1);
  if (last?.['role'] === 'tool') {
    const { ok, code } = JSON.parse(String(last['content'])) as { ok: boolean; code?: string };
    return { text: ok ? 'It is done, Ben.' : `It is not done: ${code ?? '?'}.` };
  }
  const call = (name: string, args: object): FakeReply => ({
    calls: [{ id: `call_${messages.length}_${name}`, name, arguments: JSON.stringify(args) }],
  });
  return String(last?.['content']).includes('mailbox')
    ? call('gmail_messages_list', {})
    : call('gmail_messages_send', MAIL);
}

describe('the program with a model service, pointed at it by environment variables alone', () => {
  let outside: Outside;
  let model: FakeOpenAi;
  let program: RunningProgram;
  const dataDir = mkdtempSync(join(tmpdir(), 'agentdesk-outside-model-'));
  const sent = () =>
    outside.google
      .mailboxes()
      .flatMap((box) => box.messages)
      .filter((mail) => mail.subject === MAIL.subject && mail.labels.includes('SENT'));
  const words = (thread: string): string[] =>
    (outside.slack.messages(CHANNEL, USER) as unknown as Seen[])
      .filter((message) => message.thread_ts === thread)
      .map((message) => message.text);

  beforeAll(async () => {
    [outside, model] = await Promise.all([startOutside(), startFakeOpenAi(think, { key: KEY })]);
    program = await startAsProcess({
      ...outside.variables,
      OPENAI_BASE_URL: model.baseUrl,
      OPENAI_API_KEY: KEY,
      OPENAI_MODEL: 'fake-1',
      AGENTDESK_DATA_DIR: dataDir,
    });
    try {
      await connectByCard(outside, USER, CHANNEL, 'What is in my mailbox?', 'ben@acme.test');
    } catch (error) {
      throw new Error(`not connected; the program said:\n${program.output()}`, { cause: error });
    }
  }, 90_000);

  afterAll(async () => {
    await program.stop();
    await Promise.all([outside.stop(), model.stop()]);
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('does DM → the model asks for a mail → card → Approve → mail → the model’s last words', async () => {
    const { ts } = outside.slack.say(USER, CHANNEL, 'Tell Priya that I see her at 3.');
    const card = await until('a card', () => findCard(outside, CHANNEL, USER, ts, 'Approve'));
    expect(JSON.stringify(card)).toContain('see you at 3.');
    expect(sent()).toEqual([]);
    await press(outside, USER, CHANNEL, card, 'Approve');
    await until('the last words', () => words(ts).some((text) => text.includes('It is done, Ben.')));
    expect(sent()).toHaveLength(1);

    const request = model.requests.at(-1);
    expect(request?.messages.at(-1)).toMatchObject({ role: 'tool' });
    expect(model.violations).toEqual([]);
    expect(outside.slack.violations()).toEqual([]);
  });

  it('tells the model that it was denied, and sends nothing', async () => {
    const { ts } = outside.slack.say(USER, CHANNEL, 'Tell her once more.');
    const card = await until('a card', () => findCard(outside, CHANNEL, USER, ts, 'Deny'));
    await press(outside, USER, CHANNEL, card, 'Deny');
    await until('the last words', () => words(ts).some((text) => text.includes('denied_by_person')));
    expect(sent()).toHaveLength(1);
    expect(model.violations).toEqual([]);
  });

  it('shows the model’s key nowhere', () => {
    expect(program.output()).not.toContain(KEY);
    expect(JSON.stringify(model.requests)).not.toContain(KEY);
  });
});
