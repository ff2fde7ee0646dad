import { connect } from 'node:net';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createHttpDoor, type HttpDoor } from '../../src/http/door.ts';
import type { HttpDoorOptions } from '../../src/http/options.ts';
import { createDesk, type Desk } from './desk.ts';
import { createVisitor } from './visitor.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await createDesk();
});
afterAll(() => desk.stop());

/** Sends bytes as they are, and reads until the connection ends. */
async function sendRaw(url: string, text: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(text);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

describe('health', () => {
  it('is alive, and ready only when nothing is missing', async () => {
    let missing: readonly string[] = ['slack', 'database'];
    const url = await desk.open({ readiness: () => Promise.resolve(missing) });
    const { get } = createVisitor();
    expect((await get(`${url}/healthz`)).status).toBe(200);
    const waiting = await get(`${url}/readyz`);
    expect(waiting.status).toBe(503);
    expect(JSON.parse(waiting.text)).toEqual({ status: 'not ready', missing });
    missing = [];
    const ready = await get(`${url}/readyz`);
    expect(ready).toMatchObject({ status: 200, text: '{"status":"ready"}' });
    expect((await fetch(`${url}/readyz`, { method: 'HEAD' })).status).toBe(200);
  });

  it('is not ready when the check itself fails', async () => {
    const url = await desk.open({ readiness: () => Promise.reject(new Error('boom')) });
    expect((await createVisitor().get(`${url}/readyz`)).status).toBe(503);
  });

  const read = () => Promise.resolve({ contentType: 'text/plain; version=0.0.4', body: 'calls 1\n' });

  it('shows metrics when there are any', async () => {
    const metrics = { read, token: null };
    const page = await createVisitor().get(`${await desk.open({ metrics })}/metrics`);
    expect(page).toMatchObject({ status: 200, text: 'calls 1\n' });
    expect(page.headers.get('content-type')).toBe('text/plain; version=0.0.4');
    expect((await createVisitor().get(`${await desk.open()}/metrics`)).status).toBe(404);
  });

  it('shows metrics to this machine only, and not through a proxy or by another name', async () => {
    const url = await desk.open({ metrics: { read, token: null } });
    const ask = (headers: string) =>
      sendRaw(url, `GET /metrics HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`);
    expect(await ask('Host: 127.0.0.1:3000')).toMatch(/^HTTP\/1\.1 200/);
    expect(await ask('Host: localhost')).toMatch(/^HTTP\/1\.1 200/);
    for (const headers of [
      'Host: desk.example.com',
      'Host: 127.0.0.1.example.com',
      'Host: localhost\r\nX-Forwarded-For: 203.0.113.9',
      'Host: localhost\r\nForwarded: for=203.0.113.9',
      'Host: localhost\r\nVia: 1.1 proxy',
      'Host: localhost\r\nX-Real-IP: 203.0.113.9',
    ]) {
      const answer = await ask(headers);
      expect(answer).toMatch(/^HTTP\/1\.1 403/);
      expect(answer).toContain('Set AGENTDESK_METRICS_TOKEN');
      expect(answer).not.toContain('calls 1');
    }
  });

  it('shows metrics to whoever has the token, when there is one, and to nobody else', async () => {
    const token = 'a-token-of-some-length';
    const url = `${await desk.open({ metrics: { read, token } })}/metrics`;
    const ask = (authorization?: string) =>
      fetch(url, authorization === undefined ? {} : { headers: { authorization } });
    for (const wrong of [undefined, 'Bearer', 'Bearer ', `Bearer ${token}x`, `Basic ${token}`, token]) {
      const answer = await ask(wrong);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expect(await answer.text()).not.toContain('calls 1');
    }
    const answer = await fetch(url, {
      headers: { authorization: `Bearer ${token}`, 'x-forwarded-for': '203.0.113.9' },
    });
    expect(await answer.text()).toBe('calls 1\n');
  });
});

it('gives Slack its own path and everything unknown to the fallback', async () => {
  const seen: string[] = [];
  const url = await desk.open({
    slackEvents: (_, response) => response.end('slack'),
    fallback: (request, response) => {
      seen.push(request.url ?? '');
      if (request.url !== '/') return false;
      response.end('page');
      return true;
    },
  });
  const visitor = createVisitor();
  expect((await visitor.post(`${url}/slack/events`)).text).toBe('slack');
  expect((await visitor.get(`${url}/`)).text).toBe('page');
  expect((await visitor.get(`${url}/nowhere`)).status).toBe(404);
  await visitor.get(`${url}/healthz`);
  expect(seen).toEqual(['/', '/nowhere']);
});

it('answers a failing fallback and a failing page with a reference, not with what failed', async () => {
  const secret = new Error('password hunter2');
  const url = await desk.open({
    fallback: () => {
      throw secret;
    },
    describePerson: () => Promise.reject(secret),
  });
  const visitor = createVisitor();
  for (const at of [`${url}/x`, (await desk.link()).url]) {
    const page = await visitor.get(at);
    expect(page.status).toBe(500);
    expect(page.text).toMatch(/logged as [0-9a-f]{8}/);
    expect(page.text).not.toContain('hunter2');
  }
});

it('names the methods a path takes', async () => {
  const url = await desk.open();
  const answer = await createVisitor().post(`${url}/connect/slack`);
  expect(answer.status).toBe(405);
  expect(answer.headers.get('allow')).toBe('GET');
  expect((await fetch(`${url}/connect/callback`, { method: 'HEAD' })).status).toBe(405);
  const { url: link, request } = await desk.link();
  expect((await fetch(link, { method: 'HEAD' })).status).toBe(200);
  expect((await fetch(link, { method: 'DELETE' })).headers.get('allow')).toBe('GET, HEAD, POST');
  expect(await desk.statusOf(request)).toBe('open');
});

it('protects every page', async () => {
  const url = await desk.open();
  const visitor = createVisitor();
  for (const page of [await visitor.get((await desk.link()).url), await visitor.get(`${url}/nowhere`)]) {
    const csp = page.headers.get('content-security-policy') ?? '';
    expect(csp).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/]{43}='; form-action /);
    expect(csp).toContain("frame-ancestors 'none'");
    expect(page.headers.get('x-frame-options')).toBe('DENY');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  }
});

describe('a form of another site', () => {
  it.each([
    ['another origin', { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }],
    ['another origin in an old browser', { origin: 'https://evil.test', 'sec-fetch-site': '' }],
    ['another port of this host', { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }],
    ['a page without referrer elsewhere', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['no origin at all', { 'sec-fetch-site': 'cross-site' }],
    ['a sandboxed frame in an old browser', { origin: 'null', 'sec-fetch-site': '' }],
  ])('is refused: %s', async (_, headers) => {
    await desk.open();
    const { url, request } = await desk.link();
    const sent = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''));
    const response = await fetch(url, { method: 'POST', headers: sent, redirect: 'manual' });
    expect(response.status).toBe(403);
    expect(await desk.statusOf(request)).toBe('open');
  });

  it('is not what our own page sends, with or without Origin', async () => {
    const origin = await desk.open();
    for (const headers of [{ origin }, {}]) {
      const { url } = await desk.link();
      const response = await fetch(url, { method: 'POST', headers, redirect: 'manual' });
      expect(response.status).toBe(302);
    }
  });
});

it('makes every URL from its public one, whatever the Host headers say', async () => {
  const url = await desk.open();
  const { url: link } = await desk.link();
  const { pathname } = new URL(link);
  const raw = await sendRaw(
    url,
    `POST ${pathname} HTTP/1.1\r\nHost: evil.test\r\nX-Forwarded-Host: evil.test\r\nX-Forwarded-Proto: https\r\n` +
      'Forwarded: host=evil.test\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
  );
  expect(raw).toMatch(/^HTTP\/1\.1 302/);
  expect(raw).not.toContain('evil.test');
  expect(raw).toContain(encodeURIComponent(`${url}/connect/slack`));
  expect(raw).not.toContain('Secure');
  for (const target of ['http://evil.test/healthz', '//evil.test/healthz', '//', '*']) {
    const method = target === '*' ? 'OPTIONS' : 'GET';
    const answer = await sendRaw(url, `${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400/);
  }
});

it('sets a Secure cookie behind https', async () => {
  const url = await desk.open({ publicUrl: () => 'https://desk.example' });
  const { url: link } = await desk.link();
  const response = await fetch(link, {
    method: 'POST',
    headers: { origin: 'https://desk.example' },
    redirect: 'manual',
  });
  expect(response.headers.getSetCookie()[0]).toMatch(/; Secure$/);
  const back = new URL(response.headers.get('location') ?? '').searchParams.get('redirect_uri');
  expect(back).toBe('https://desk.example/connect/slack');
  expect(url).not.toContain('desk.example');
});

it('takes bodies of 64 KiB and no more', async () => {
  const url = await desk.open();
  const visitor = createVisitor();
  const full = await desk.link();
  expect((await visitor.post(full.url, {}, 'x'.repeat(64 * 1024))).status).toBe(302);
  const over = await desk.link();
  const { pathname } = new URL(over.url);
  const head = `POST ${pathname} HTTP/1.1\r\nHost: x\r\n`;
  expect(await sendRaw(url, `${head}Content-Length: 70000\r\n\r\n`)).toMatch(/^HTTP\/1\.1 413/);
  const chunk = `11000\r\n${'x'.repeat(0x11000)}\r\n`;
  expect(await sendRaw(url, `${head}Transfer-Encoding: chunked\r\n\r\n${chunk}`)).toMatch(/^HTTP\/1\.1 413/);
  expect(await desk.statusOf(over.request)).toBe('open');
});

describe('starting and stopping', () => {
  const doors: HttpDoor[] = [];
  afterEach(() => Promise.all(doors.splice(0).map((door) => door.stop())));

  function create(overrides: Partial<HttpDoorOptions>): HttpDoor {
    const door = createHttpDoor({
      host: '127.0.0.1',
      port: 0,
      publicUrl: () => 'http://127.0.0.1',
      vault: desk.vault,
      approvals: desk.approvals,
      log: desk.vault.log,
      slackSignIn: null,
      describePerson: () => Promise.reject(new Error('nobody is asked')),
      readiness: () => Promise.resolve([]),
      metrics: null,
      tenantLog: null,
      slackEvents: null,
      fallback: null,
      ...overrides,
    });
    doors.push(door);
    return door;
  }

  it('says what to do when the port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    await expect(create({ port }).start()).rejects.toThrow(/set PORT or HOST to a free one/);
    taken.close();
  });

  it('ends although an event stream and an idle connection are open', async () => {
    const door = create({
      fallback: (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('data: 1\n\n');
        return true;
      },
    });
    const { port } = await door.start();
    const stream = await fetch(`http://127.0.0.1:${port}/events`);
    const idle = connect(port, '127.0.0.1');
    await once(idle, 'connect');
    await door.stop();
    await expect(stream.text()).rejects.toThrow();
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
    await door.stop();
  });
});
