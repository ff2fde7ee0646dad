import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHttpDoor } from '../../src/http/door.ts';
import { listFindings } from '../../src/audit/check/findings.ts';
import { pickEntries, readStream } from '../../src/vault/tenant/log/entry.ts';
import { judgeEntries } from '../../src/vault/tenant/log/judge.ts';
import { createLogReader } from '../../src/vault/tenant/log/read.ts';
import { takeEntries, takeStream, type LogDeps } from '../../src/vault/tenant/log/take.ts';
import { WORKSPACE } from '../support/desk.ts';
import { startDeviceDesk, type DeviceDesk } from '../support/tenant/device.ts';

let desk: DeviceDesk;
let deps: LogDeps;
let count = 0;

beforeAll(async () => {
  desk = await startDeviceDesk();
  await desk.letItCount();
  const { issuer, clientId } = desk.tenant.client();
  deps = { database: desk.desk.database, issuer, clientId, now: () => new Date() };
});
beforeEach(() => desk.database.owner`truncate agentdesk.tenant_log_entries, agentdesk.tenant_log_cursors`);
afterAll(() => desk.stop());

const entry = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  log_id: `log-${(count += 1)}`,
  type: 'seta',
  date: new Date().toISOString(),
  user_id: 'auth0|ben',
  client_id: deps.clientId,
  connection: 'google-oauth2',
  ...change,
});

/** Takes entries and judges them at once. @returns the verdicts, in order of the entries */
async function judge(...entries: Record<string, unknown>[]): Promise<(string | null)[]> {
  await takeEntries(deps, entries);
  await judgeEntries(deps, 0);
  const rows = await desk.database.owner<{ log_id: string; verdict: string | null }[]>`
    select log_id, verdict from agentdesk.tenant_log_entries`;
  return entries.map(({ log_id: id }) => rows.find((row) => row.log_id === id)?.verdict ?? null);
}

/** A mail, confirmed by the phone and sent: one exchange of ours. */
async function exchange(): Promise<void> {
  await desk.quiet();
  const asked = await desk.approve();
  await desk.tick();
  desk.phone().status = 'approved';
  await desk.tick();
  await desk.desk.agent.run(asked.turn);
}

describe('what a body of a log stream holds', () => {
  it.each([
    ['an array', (all: unknown[]) => JSON.stringify(all)],
    ['lines', (all: unknown[]) => all.map((one) => JSON.stringify(one)).join('\n')],
    ['wrapped entries', (all: unknown[]) => JSON.stringify(all.map((data) => ({ log_id: 'x', data })))],
  ])('is read from %s', (_, write) => {
    const values = readStream(write([entry(), entry({ type: 's' }), entry({ client_id: 'another' })]));
    const [found, ...more] = pickEntries(values ?? [], deps.clientId, new Date());
    expect(found).toMatchObject({ type: 'seta', subject: 'auth0|ben', connection: 'google-oauth2' });
    expect(more).toEqual([]);
  });

  it('is nothing when it is no JSON, old, or nonsense', () => {
    expect(readStream('no json')).toBeNull();
    const old = new Date(Date.now() - 8 * 86_400_000).toISOString();
    for (const value of [null, 1, {}, entry({ date: 'x' }), entry({ date: old }), entry({ log_id: '' })])
      expect(pickEntries([value], deps.clientId, new Date())).toEqual([]);
  });
});

describe('an entry of the tenant’s log', () => {
  it('is ours when our audit has the exchange, once; another one is told to the admins', async () => {
    await exchange();
    // To look before the mail, and to send it.
    const ours = (await desk.audit('token.exchanged')).map(() => entry());
    const [another, other] = [entry(), entry({ connection: 'github' })];
    expect(await judge(...ours, another, other)).toEqual([...ours.map(() => 'ours'), 'foreign', 'foreign']);
    const findings = await listFindings(deps.database, WORKSPACE);
    const told = findings.filter(({ kind }) => kind === 'foreign_exchange');
    expect(told.map(({ text }) => text).join()).toContain('gave out a token of <@U0BEN> for google-oauth2');
    expect(told).toHaveLength(2);
    // The same again, by another way: known.
    await judge(...ours, another, other);
    expect(await listFindings(deps.database, WORKSPACE)).toHaveLength(findings.length);
  });

  it('is foreign when it is of another time or person', async () => {
    await exchange();
    const early = new Date(Date.now() - 3_600_000).toISOString();
    expect(
      await judge(entry({ date: early }), entry({ user_id: 'auth0|ada' }), entry({ user_id: 'x' })),
    ).toEqual(['foreign', 'foreign', 'foreign']);
  });

  it('of a failed exchange needs one of ours, and of a device request a request', async () => {
    await exchange();
    expect(
      await judge(entry({ type: 'ciba_start_succeeded' }), entry({ type: 'ciba_exchange_failed' })),
    ).toEqual(['ours', 'ours']);
    expect(await judge(entry({ type: 'ciba_start_succeeded', user_id: 'auth0|ada' }))).toEqual(['foreign']);
    expect(await judge(entry({ type: 'feta', user_id: 'auth0|ada' }))).toEqual(['foreign']);
  });

  it('is left until ours can be there', async () => {
    await takeEntries(deps, [entry()]);
    expect(await judgeEntries(deps, 120)).toBe(0);
  });
});

describe('the Management API', () => {
  it('is read on from where the last reading ended, by one process at a time, and left alone when it says so', async () => {
    const all = Array.from({ length: 103 }, () => entry());
    const asked: string[] = [];
    let busy = false;
    const token = { accessToken: 't', expiresAt: Date.now() / 1000 + 86_400 };
    let tokens = 0;
    const reader = () =>
      createLogReader({
        ...deps,
        everySeconds: 60,
        client: {
          getTokenByClientCredentials: ({ audience }: { audience: string }) => {
            expect(audience).toBe(`${deps.issuer}api/v2/`);
            tokens += 1;
            return Promise.resolve(token as never);
          },
        },
        fetch: (input, init) => {
          const url = new URL(String(input));
          expect(new Headers(init?.headers).get('authorization')).toBe('Bearer t');
          asked.push(url.search);
          if (busy)
            return Promise.resolve(new Response('', { status: 429, headers: { 'retry-after': '300' } }));
          const from = url.searchParams.get('from');
          const at = all.findIndex(({ log_id: id }) => id === from);
          return Promise.resolve(
            Response.json(from === null ? all.slice(0, 1) : all.slice(at + 1, at + 101)),
          );
        },
      });
    const due = () => desk.database.owner`update agentdesk.tenant_log_cursors set next_read_at = now()`;
    const read = reader();
    expect(await read()).toBe(1);
    expect(await read()).toBe(0);
    await due();
    expect(await Promise.all([read(), reader()(), reader()()])).toContain(102);
    expect(asked).toHaveLength(3);
    busy = true;
    await due();
    await expect(read()).rejects.toThrow('limits');
    const [cursor] = await desk.database.owner<{ seconds: number; last_log_id: string }[]>`
      select extract(epoch from next_read_at - now())::float8 as seconds, last_log_id from agentdesk.tenant_log_cursors`;
    expect(cursor?.seconds).toBeGreaterThan(290);
    expect(cursor?.last_log_id).toBe(all.at(-1)?.['log_id']);
    // One for each process that read.
    expect(tokens).toBeLessThanOrEqual(2);
  });
});

describe('the page of the log stream', () => {
  it('takes entries from who shows the token, and from nobody else', async () => {
    const token = 'x'.repeat(32);
    const door = createHttpDoor({
      host: '127.0.0.1',
      port: 0,
      publicUrl: () => 'http://127.0.0.1:3000',
      vault: desk.vault,
      approvals: desk.desk.deps.approvals,
      log: desk.desk.deps.log,
      slackSignIn: null,
      describePerson: () => Promise.reject(new Error('nobody')),
      readiness: () => Promise.resolve([]),
      metrics: null,
      tenantLog: { token, take: (body) => takeStream(deps, body) },
      slackEvents: null,
      fallback: null,
    });
    const { port } = await door.start();
    const post = (body: string, authorization: string, type = 'application/json') =>
      fetch(`http://127.0.0.1:${port}/auth0/logs`, {
        method: 'POST',
        headers: { authorization, 'content-type': type },
        body,
      });
    const body = JSON.stringify([entry(), entry()]);
    for (const wrong of ['', 'Bearer', `Bearer ${token}x`, `Basic ${token}`, `Bearer ${'y'.repeat(32)}`])
      expect((await post(body, wrong)).status).toBe(401);
    const right = `Bearer ${token}`;
    expect(await (await post(body, right)).json()).toEqual({ taken: 2 });
    expect(await (await post(body, right, 'application/x-ndjson')).json()).toEqual({ taken: 0 });
    expect((await post('no json', right)).status).toBe(400);
    expect((await post('x'.repeat(1024 * 1024 + 1), right)).status).toBe(413);
    expect((await fetch(`http://127.0.0.1:${port}/auth0/logs`)).status).toBe(405);
    await door.stop();
  });
});
