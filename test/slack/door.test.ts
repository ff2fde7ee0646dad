import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { createSlackStandIn, type SlackStandIn } from '../../src/sandbox/slack/stand-in.ts';
import { createSlackDoor, type SlackDoor } from '../../src/slack/app.ts';
import { createBoltLog } from '../../src/slack/bolt-log.ts';
import { createSlackClients } from '../../src/slack/clients.ts';
import type { SlackDeps } from '../../src/slack/deps.ts';
import { silent } from '../../src/telemetry-types.ts';
import { createLog } from '../../src/telemetry.ts';
import { createSlackDesk, type SlackDesk } from './desk.ts';
import { until } from './look.ts';

const closes: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (let close = closes.pop(); close !== undefined; close = closes.pop()) await close();
});

async function startDesk(): Promise<SlackDesk> {
  const desk = await createSlackDesk(() => Promise.resolve({ status: 'done', reply: 'ok' }));
  closes.push(() => desk.stop());
  return desk;
}

function openDoor(
  desk: SlackDesk,
  apiUrl: string,
  options: {
    transport: 'socket' | 'http';
    credentials?: SlackStandIn['credentials'];
    deps?: Partial<SlackDeps>;
  },
): { door: SlackDoor; lines: string[] } {
  const lines: string[] = [];
  const log = createLog('debug', { write: (line) => lines.push(line) });
  const { botToken, appToken, signingSecret } = options.credentials ?? desk.slack.credentials;
  const clients = createSlackClients({
    apiUrl,
    logger: createBoltLog(log),
    telemetry: silent,
    source: { botToken },
  });
  const door = createSlackDoor({
    config: { apiUrl, transport: options.transport, signIn: false, install: 'token' },
    tokens: { app: appToken, signingSecret, client: null, stateSecret: null },
    deps: { ...desk.deps, clients, ...options.deps },
    log,
    publicUrl: 'http://127.0.0.1:3000',
    installations: null,
    startMs: 700,
  });
  closes.push(() => door.stop());
  return { door, lines };
}

/** A port where nothing listens. */
async function findSilentPort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function listen(door: SlackDoor): Promise<string> {
  const server: Server = createServer((request, response) => door.requestListener?.(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closes.push(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function signed(secret: string, body: string, at = Math.floor(Date.now() / 1000)): RequestInit {
  const mac = createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex');
  return {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-slack-request-timestamp': String(at),
      'x-slack-signature': `v0=${mac}`,
    },
  };
}

const messageEvent = (eventId: string) =>
  JSON.stringify({
    type: 'event_callback',
    team_id: 'T0SANDBOX',
    api_app_id: 'A0DESK',
    event_id: eventId,
    event_time: 1,
    authorizations: [
      { team_id: 'T0SANDBOX', enterprise_id: null, user_id: 'U0DESK', is_enterprise_install: false },
    ],
    event: {
      type: 'message',
      channel_type: 'im',
      channel: 'D0BEN',
      user: 'U0BEN',
      ts: '1.1',
      text: 'by http',
    },
  });

describe('the door in Socket Mode', () => {
  it('starts without Slack, says so, and opens when Slack comes back', async () => {
    const desk = await startDesk();
    const port = await findSilentPort();
    const slack = createSlackStandIn({
      state: { load: () => null, save: () => undefined },
      now: () => new Date(),
      port,
    });
    const { door, lines } = openDoor(desk, `http://127.0.0.1:${port}/api/`, {
      transport: 'socket',
      credentials: slack.credentials,
    });
    await door.start();
    expect(door.ready()).toBe(false);
    expect(lines.join('')).toContain('Slack cannot be reached at');
    await slack.start();
    closes.push(() => slack.stop());
    await until(() => door.ready());
  });

  it('names a wrong token in the log', async () => {
    const desk = await startDesk();
    const [origin] = desk.lines.join('').match(/http:\/\/127\.0\.0\.1:\d+/) ?? [''];
    const apiUrl = desk.apiUrl;
    expect(apiUrl).not.toBe(origin);
    const credentials = { ...desk.slack.credentials, appToken: 'xapp-wrong', botToken: 'xoxb-wrong' };
    const { door, lines } = openDoor(desk, apiUrl, { transport: 'socket', credentials });
    await door.start();
    expect(lines.join('')).toContain('invalid_auth');
    expect(lines.join('')).not.toContain('xoxb-wrong');
  });
});

describe('the door over HTTP', () => {
  it('takes signed events only, and answers after they are written down', async () => {
    const desk = await startDesk();
    const { door } = openDoor(desk, desk.apiUrl, { transport: 'http' });
    await door.start();
    expect(door.ready()).toBe(true);
    const url = `${await listen(door)}/slack/events`;
    const { signingSecret } = desk.slack.credentials;
    const body = messageEvent('Ev1');
    expect((await fetch(url, signed(signingSecret, body))).status).toBe(200);
    const rows = await desk.database.owner`select text from agentdesk.turns`;
    expect(rows).toEqual([{ text: 'by http' }]);
    expect((await fetch(url, signed('wrong', body))).status).toBe(401);
    const old = Math.floor(Date.now() / 1000) - 400;
    expect((await fetch(url, signed(signingSecret, body, old))).status).toBe(401);
    expect((await fetch(url.replace('events', 'nothing'), signed(signingSecret, body))).status).toBe(404);
  });

  it('does not acknowledge an event that could not be written down', async () => {
    const desk = await startDesk();
    await desk.database.owner`alter table agentdesk.turns rename to turns_gone`;
    const { door, lines } = openDoor(desk, desk.apiUrl, { transport: 'http' });
    await door.start();
    const url = `${await listen(door)}/slack/events`;
    const { signingSecret } = desk.slack.credentials;
    expect((await fetch(url, signed(signingSecret, messageEvent('Ev2')))).status).toBe(500);
    expect(lines.join('')).toContain('a Slack listener failed');
    await desk.database.owner`alter table agentdesk.turns_gone rename to turns`;
    expect((await fetch(url, signed(signingSecret, messageEvent('Ev2')))).status).toBe(200);
    expect(await desk.database.owner`select 1 from agentdesk.turns`).toHaveLength(1);
  });
});
