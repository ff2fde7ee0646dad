import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

const [USER, CHANNEL] = ['U0BEN', 'D0BEN'];

describe('the program, pointed at stand-ins by environment variables alone', () => {
  let outside: Outside;
  let program: RunningProgram;
  let variables: Record<string, string>;
  const dataDir = mkdtempSync(join(tmpdir(), 'agentdesk-outside-'));
  const sent = (subject: string): number =>
    outside.google
      .mailboxes()
      .flatMap((box) => box.messages)
      .filter((mail) => mail.subject === subject && mail.labels.includes('SENT')).length;

  beforeAll(async () => {
    outside = await startOutside();
    variables = { ...outside.variables, AGENTDESK_DATA_DIR: dataDir };
    program = await startAsProcess(variables);
    await connectByCard(outside, USER, CHANNEL, "what's on my calendar today?", 'ben@acme.test');
  }, 90_000);

  afterAll(async () => {
    await program.stop();
    await outside.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('answers once the account is connected, proved by the same e-mail address', async () => {
    const answer = await until('an answer', () =>
      (outside.slack.messages(CHANNEL, USER) as unknown as Seen[]).find((message) =>
        message.text.includes('Priya'),
      ),
    );
    expect(answer.text).toContain('calendar');
  });

  it('does DM → Approve → effect', async () => {
    const { ts } = outside.slack.say(USER, CHANNEL, "mail priya@acme.test about 'Outside' saying 'Hello'");
    const card = await until('a card', () => findCard(outside, CHANNEL, USER, ts, 'Approve'));
    expect(sent('Outside')).toBe(0);
    await press(outside, USER, CHANNEL, card, 'Approve');
    await until('the mail', () => sent('Outside') === 1);
    expect(outside.slack.violations()).toEqual([]);
  });

  it('takes a click on a card from before a kill -9 and a restart', async () => {
    const { ts } = outside.slack.say(USER, CHANNEL, "mail priya@acme.test about 'Restart' saying 'Hello'");
    const card = await until('a card', () => findCard(outside, CHANNEL, USER, ts, 'Approve'));
    await program.kill();
    program = await startAsProcess(variables);
    await press(outside, USER, CHANNEL, card, 'Approve');
    await until('the mail', () => sent('Restart') === 1);
    await until(
      'the card without buttons',
      () => findCard(outside, CHANNEL, USER, ts, 'Approve') === undefined,
    );
  });

  it('sends one mail when it is killed between Approve and the answer', async () => {
    const { ts } = outside.slack.say(USER, CHANNEL, "mail priya@acme.test about 'Killed' saying 'Hello'");
    const card = await until('a card', () => findCard(outside, CHANNEL, USER, ts, 'Approve'));
    const before = outside.google.effects().length;
    await press(outside, USER, CHANNEL, card, 'Approve');
    await until('the first request of the effect', () => outside.google.effects().length > before);
    await program.kill();
    program = await startAsProcess(variables);
    // Read back as not done, it is claimed anew only once the killed attempt can certainly send nothing more.
    await until('the mail', () => sent('Killed') === 1, 120);
    await until('a settled card', () => findCard(outside, CHANNEL, USER, ts, 'Approve') === undefined);
    expect(sent('Killed')).toBe(1);
  }, 180_000);

  it('ends on SIGTERM with code 0', async () => {
    expect(await program.stop()).toBe(0);
  }, 60_000);

  it('ends on SIGTERM with code 0 when the signal comes while it is still starting', async () => {
    program = await startAsProcess(variables, false);
    await until('its first log line', () => program.output().length > 0);
    expect(await program.stop()).toBe(0);
    expect(program.output()).toContain('stopping');
    program = await startAsProcess(variables);
  }, 60_000);
});
