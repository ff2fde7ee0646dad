import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { afterEach, describe, expect, it } from 'vitest';
import { createClient, startSlack, until, type Started } from './slack-kit.ts';

interface Envelope {
  envelope_id: string;
  type: string;
  retry_attempt?: number;
  retry_reason?: string;
  payload: { event_id: string; event: { type: string; text: string } };
}

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function start(options: Parameters<typeof startSlack>[0] = {}): Promise<Started> {
  const started = await startSlack(options);
  open.push({ close: () => started.slack.stop() });
  return started;
}

/** A bare Socket Mode client that acknowledges only when told to. */
async function connect({ origin, slack }: Started, acknowledge: (envelope: Envelope) => boolean) {
  const { url = '' } = await createClient(origin, slack.credentials.appToken).apps.connections.open({});
  const socket = new WebSocket(url);
  const got: Envelope[] = [];
  const arrived: (() => void)[] = [];
  socket.on('message', (data: Buffer) => {
    const envelope = JSON.parse(data.toString()) as Envelope;
    if (envelope.envelope_id === undefined) return;
    got.push(envelope);
    if (acknowledge(envelope)) socket.send(JSON.stringify({ envelope_id: envelope.envelope_id }));
    for (const tell of arrived.splice(0)) tell();
  });
  await once(socket, 'open');
  const wait = async (count: number): Promise<Envelope[]> => {
    while (got.length < count) await new Promise<void>((resolve) => arrived.push(resolve));
    return got;
  };
  return { url, wait, socket };
}

describe('Socket Mode', () => {
  it('greets, and takes a ticket once', async () => {
    const started = await start();
    const { url } = await connect(started, () => true);
    const [error] = (await once(new WebSocket(url), 'error')) as [Error];
    expect(error.message).toContain('403');
  });

  it('ends also when a link is asked for while another one does not say goodbye', async () => {
    const started = await startSlack();
    const { socket } = await connect(started, () => true);
    socket.pause();
    const { url = '' } = await createClient(
      started.origin,
      started.slack.credentials.appToken,
    ).apps.connections.open({});
    const stopped = started.slack.stop();
    const [error] = (await once(new WebSocket(url), 'error')) as [Error];
    expect(error.message).toContain('403');
    await stopped;
  });

  it('redelivers an unacknowledged event up to three times, under one event_id', async () => {
    const started = await start({ ackMs: 20 });
    const { wait } = await connect(started, () => false);
    started.world.say('U0ADA', 'D0ADA', 'hi');
    const got = await wait(4);
    expect(got.map((one) => one.retry_attempt)).toEqual([0, 1, 2, 3]);
    expect(got.slice(1).every((one) => one.retry_reason === 'timeout')).toBe(true);
    expect(new Set(got.map((one) => one.payload.event_id)).size).toBe(1);
    await until(started.world, () =>
      started.world.violations().some((one) => one.error === 'not_acknowledged'),
    );
  });

  it('keeps events while nobody is connected, and shares them between connections', async () => {
    const started = await start();
    const { world } = started;
    world.say('U0ADA', 'D0ADA', 'early');
    const one = await connect(started, () => true);
    const [early] = await one.wait(1);
    expect(early?.payload.event.text).toBe('early');
    const two = await connect(started, () => true);
    world.say('U0ADA', 'D0ADA', 'a');
    world.say('U0ADA', 'D0ADA', 'b');
    const both = [...(await one.wait(2)), ...(await two.wait(1))].map(
      (envelope) => envelope.payload.event.text,
    );
    expect(both.sort()).toEqual(['a', 'b', 'early']);
    world.faults.redeliver(early?.payload.event_id ?? '');
    const again = (await Promise.race([one.wait(3), two.wait(2)])).at(-1);
    expect(again).toMatchObject({ retry_attempt: 1, payload: { event_id: early?.payload.event_id } });
  });

  it('hands an unacknowledged event to another connection when the first is cut', async () => {
    const started = await start();
    const one = await connect(started, () => false);
    started.world.say('U0ADA', 'D0ADA', 'hi');
    await one.wait(1);
    started.world.faults.disconnectSockets({ abrupt: true });
    const two = await connect(started, () => true);
    expect((await two.wait(1))[0]).toMatchObject({ retry_attempt: 1 });
  });

  it('tells a person when the app does not answer', async () => {
    const started = await start({ ackMs: 20 });
    const { response } = await started.world.slash('U0ADA', 'D0ADA', '/agentdesk', 'x');
    expect(response?.['text']).toContain('dispatch_failed');
    await connect(started, () => false);
    const late = await started.world.slash('U0ADA', 'D0ADA', '/agentdesk', 'x');
    expect(late.response?.['text']).toContain('operation_timeout');
  });
});

describe('HTTP', () => {
  it('delivers events and commands as requests that Bolt verifies', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    probe.close();
    const started = await start({ eventsUrl: `http://127.0.0.1:${port}/slack/events` });
    const receiver = new HTTPReceiver({
      signingSecret: started.slack.credentials.signingSecret,
      logLevel: LogLevel.ERROR,
    });
    const app = new App({
      token: started.slack.credentials.botToken,
      receiver,
      logLevel: LogLevel.ERROR,
      clientOptions: { slackApiUrl: `${started.origin}/api/` },
    });
    app.message(async ({ say }) => void (await say('heard')));
    app.command('/agentdesk', async ({ ack }) => ack('fine'));
    await receiver.start({ port, host: '127.0.0.1' });
    open.push({ close: () => receiver.stop() });
    started.world.say('U0ADA', 'D0ADA', 'hi');
    await until(started.world, () =>
      started.world.messages('D0ADA', 'U0ADA').some((one) => one.text === 'heard'),
    );
    const { response } = await started.world.slash('U0ADA', 'D0ADA', '/agentdesk', 'x');
    expect(response).toEqual({ text: 'fine' });
  });
});
