import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeyring } from '../../src/db/seal.ts';
import { createSlackDoor } from '../../src/slack/app.ts';
import { createBoltLog } from '../../src/slack/bolt-log.ts';
import { createSlackClients, type SlackClients } from '../../src/slack/clients.ts';
import { createInstallations, markUninstalled } from '../../src/slack/installations.ts';
import { silent } from '../../src/telemetry-types.ts';
import { createLog } from '../../src/telemetry.ts';
import { createSlackDesk, type SlackDesk } from './desk.ts';

let desk: SlackDesk;
let origin: string;
let clients: SlackClients;
const closes: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  desk = await createSlackDesk(() => Promise.resolve({ status: 'done', reply: 'ok' }));
  const log = createLog('silent');
  const { credentials } = desk.slack;
  const installations = createInstallations(
    { database: desk.deps.calls.database, keyring: createKeyring([randomBytes(32)]) },
    (workspaceId) => clients.forget(workspaceId),
  );
  clients = createSlackClients({
    apiUrl: desk.apiUrl,
    logger: createBoltLog(log),
    telemetry: silent,
    source: { installations },
  });
  let listener: ReturnType<typeof createSlackDoor>['requestListener'] = null;
  const server = createServer((request, response) => listener?.(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closes.push(() => new Promise((resolve) => server.close(resolve)));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  listener = createSlackDoor({
    config: { apiUrl: desk.apiUrl, transport: 'http', signIn: true, install: 'oauth' },
    tokens: {
      app: null,
      signingSecret: credentials.signingSecret,
      client: { id: credentials.clientId, secret: credentials.clientSecret },
      stateSecret: 'a state secret',
    },
    deps: { ...desk.deps, clients },
    log,
    publicUrl: origin,
    installations,
  }).requestListener;
});
afterEach(async () => {
  for (let close = closes.pop(); close !== undefined; close = closes.pop()) await close();
  await desk.stop();
});

/** Installs as a browser does. @returns the status of the last page */
async function install(team: string, change: (back: URL) => URL = (back) => back): Promise<number> {
  const page = await fetch(`${origin}/slack/install`, { redirect: 'manual' });
  const cookie = (page.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const html = await page.text();
  const url =
    /href="([^"]+authorize[^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? page.headers.get('location');
  const answer = await fetch(url ?? '', {
    method: 'POST',
    body: new URLSearchParams({ user: 'U0ADA', team }),
    redirect: 'manual',
  });
  const back = change(new URL(answer.headers.get('location') ?? ''));
  return (await fetch(back, { headers: { cookie } })).status;
}

describe('an install by OAuth', () => {
  it('is kept sealed, per workspace, and forgotten when the app is removed', async () => {
    expect(await install('T0SANDBOX')).toBe(200);
    expect(await install('T0SECOND')).toBe(200);
    const [first, second] = [await clients.identify('T0SANDBOX'), await clients.identify('T0SECOND')];
    expect(first.botToken).not.toBe(second.botToken);
    expect((await (await clients.forWorkspace('T0SECOND')).auth.test()).team_id).toBe('T0SECOND');
    const rows = await desk.database.owner`select * from agentdesk.installations`;
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toContain('xoxb');

    await markUninstalled(desk.deps.calls.database, 'T0SECOND');
    clients.forget('T0SECOND');
    await expect(clients.identify('T0SECOND')).rejects.toThrow('not installed');
    expect((await clients.identify('T0SANDBOX')).workspaceId).toBe('T0SANDBOX');
  });

  it('is refused with a state that is not ours', async () => {
    const forged = (back: URL): URL => {
      back.searchParams.set('state', 'forged');
      return back;
    };
    expect(await install('T0SANDBOX', forged)).toBeGreaterThanOrEqual(400);
    await expect(clients.identify('T0SANDBOX')).rejects.toThrow('not installed');
  });
});
