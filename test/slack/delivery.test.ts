import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../../src/sandbox/slack/world.ts';
import { isKnownSlackRejection } from '../../src/slack/receivers/known-rejection.ts';
import { createSlackDesk, type SlackDesk } from './desk.ts';
import { textOf, until } from './look.ts';

let desk: SlackDesk;
beforeEach(async () => {
  desk = await createSlackDesk((_, turn) =>
    Promise.resolve({ status: 'done', reply: `You said: ${turn.text}` }),
  );
});
afterEach(() => desk.stop());

const bot = (): Message[] =>
  desk.world.messages('D0BEN', 'U0BEN').filter((message) => message.bot_id !== undefined);
const said = (words: string) => bot().filter((message) => textOf(message).includes(words));
const settle = () => new Promise((resolve) => setTimeout(resolve, 400));

describe('what comes in', () => {
  it('takes a redelivered event once, and an edit never', async () => {
    const { world } = desk;
    const { ts } = world.say('U0BEN', 'D0BEN', 'hello & <b>');
    await until(() => said('You said: hello')[0]);
    expect(said('You said: hello')[0]?.text).toBe('You said: hello &amp; &lt;b&gt;');
    const [event] = await desk.database.owner`select event_id from agentdesk.inbound_events`;
    world.faults.redeliver(event?.['event_id'] as string);
    world.edit('U0BEN', 'D0BEN', ts, 'hello, edited');
    await settle();
    expect(desk.runs).toHaveLength(1);
    expect(bot()).toHaveLength(1);
  });

  it('answers ten at once in one thread, in order', async () => {
    const { world } = desk;
    const { ts } = world.say('U0BEN', 'D0BEN', 'message 0');
    for (let index = 1; index < 10; index += 1) world.say('U0BEN', 'D0BEN', `message ${index}`, ts);
    await until(() => bot().length === 10);
    expect(bot().map((message) => message.text)).toEqual(
      Array.from({ length: 10 }, (_, index) => `You said: message ${index}`),
    );
    expect(world.violations()).toEqual([]);
  });

  it('says what it cannot read', async () => {
    desk.world.say('U0BEN', 'D0BEN', '   ');
    await until(() => said('I can only read text')[0]);
    desk.world.say('U0BEN', 'D0BEN', 'x'.repeat(40_000));
    await until(() => said('40000 characters')[0]);
    expect(desk.runs).toEqual([]);
  });

  it('turns away who may not use it, with one event', async () => {
    desk.world.say('U0BEN', 'D0BEN', 'hello');
    desk.world.setUser('U0BEN', { deleted: true });
    await until(() => said('this account is deactivated')[0]);
    const rows = await desk.database
      .owner`select type from agentdesk.audit_events where type = 'access.refused'`;
    expect(rows).toHaveLength(1);
    expect(desk.runs).toEqual([]);
  });

  it('hears what is said while connections are refreshed or cut', async () => {
    desk.world.faults.disconnectSockets();
    desk.world.say('U0BEN', 'D0BEN', 'during the refresh');
    await until(() => said('during the refresh')[0]);
    desk.world.faults.disconnectSockets({ abrupt: true });
    desk.world.say('U0BEN', 'D0BEN', 'after the cut');
    await until(() => said('after the cut')[0]);
  });

  it('is stopped by Slack’s own button', async () => {
    await desk.stop();
    desk = await createSlackDesk(() => Promise.resolve({ status: 'waiting', reply: null }));
    const { ts } = desk.world.say('U0BEN', 'D0BEN', 'wait for me');
    await until(() => desk.world.sessions('D0BEN').find((session) => session.status === 'suspended'));
    desk.world.stopSession('U0BEN', 'D0BEN', ts);
    await until(() => said('Stopped. Nothing more is done')[0]);
    await until(() => desk.world.sessions('D0BEN').find((session) => session.status === 'active'));
    const [turn] = await desk.database.owner`select status from agentdesk.turns`;
    expect(turn).toEqual({ status: 'cancelled' });
  });
});

describe('what goes out', () => {
  it('looks for a message whose answer was lost before it posts again', async () => {
    desk.world.faults.failNext('chat.postMessage', { dropAnswer: true });
    desk.world.say('U0BEN', 'D0BEN', 'only once');
    await until(
      async () => (await desk.database.owner`select 1 from agentdesk.outbox where sent_at is null`).length,
    );
    await until(() => said('only once')[0]);
    await untilSent();
    expect(said('only once')).toHaveLength(1);
  });

  it('waits when Slack says so, and goes on', async () => {
    desk.world.faults.failNext('chat.postMessage', { status: 429, retryAfter: 1 });
    desk.world.say('U0BEN', 'D0BEN', 'patience');
    await until(() => said('patience')[0]);
    expect(said('patience')).toHaveLength(1);
  });

  it('gives up what Slack refuses for good, and the next one is still said', async () => {
    desk.world.faults.failNext('chat.postMessage', { error: 'restricted_action' });
    desk.world.say('U0BEN', 'D0BEN', 'refused');
    await until(() => desk.lines.some((line) => line.includes('refused a message for good')));
    desk.world.say('U0BEN', 'D0BEN', 'next');
    await until(() => said('next')[0]);
    expect(said('You said: refused')).toEqual([]);
  });

  it('does without the session status where Slack does not know it', async () => {
    desk.world.faults.failNext('agents.sessions.setStatus', { error: 'unknown_method' }, 9);
    desk.world.say('U0BEN', 'D0BEN', 'old workspace');
    await until(() => said('old workspace')[0]);
    await untilSent();
    expect(desk.lines.filter((line) => line.includes('session status not taken'))).toHaveLength(1);
  });
});

async function untilSent(): Promise<void> {
  for (let look = 0; look < 200; look += 1) {
    const open = await desk.database
      .owner`select 1 from agentdesk.outbox where sent_at is null and failed_at is null`;
    if (open.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('something was never sent');
}

describe('errors of Slack’s own client', () => {
  it('are known by where they come from', () => {
    const theirs = new TypeError("Cannot read properties of undefined (reading 'type')");
    theirs.stack =
      'TypeError: x\n    at onWebSocketMessage (/app/node_modules/@slack/socket-mode/dist/src/a.js:1:1)';
    expect(isKnownSlackRejection(theirs)).toBe(true);
    expect(isKnownSlackRejection(new TypeError('ours'))).toBe(false);
    expect(isKnownSlackRejection('text')).toBe(false);
  });
});
