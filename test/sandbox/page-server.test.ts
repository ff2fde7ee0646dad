import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSlack } from './page-slack.ts';
import { createOutside, servePage } from './page-worlds.ts';

const { control, world } = createSlack();
const outside = createOutside();
let page: Awaited<ReturnType<typeof servePage>>;

beforeAll(async () => {
  page = await servePage(world, outside);
});
afterAll(() => page.stop());

type Answer = { status: number; headers: Record<string, unknown>; body: string };

/** A request with exactly these headers; `fetch` would not let a test forge Host and Origin. */
function ask(method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<Answer> {
  const [hostname, port] = page.host.split(':');
  return new Promise((resolve, reject) => {
    const req = request({ hostname, port, path, method, headers: { host: page.host, ...headers } }, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body: text }));
    });
    req.on('error', reject).end(body);
  });
}

const json = () => ({ origin: page.origin, 'content-type': 'application/json' });
const say = JSON.stringify({ user: 'U0ADA', channel: 'D0ADA', text: 'hello' });

test('serves the page with a policy that allows nothing inline and nothing from elsewhere', async () => {
  const { status, headers, body } = await ask('GET', '/');
  expect(status).toBe(200);
  expect(headers['content-type']).toContain('text/html');
  const policy = String(headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');
  expect(body).not.toMatch(/<script(?![^>]*src=)|style="|\son\w+=|https?:\/\//);
});

test('leaves other paths to others', async () => {
  expect((await ask('GET', '/healthz')).status).toBe(418);
});

test('serves its own files only', async () => {
  expect((await ask('GET', '/sandbox/static/text/mrkdwn.js')).headers['content-type']).toContain(
    'javascript',
  );
  for (const path of ['../create-page.ts', '..%2fcreate-page.ts', 'toString', 'css', '']) {
    expect((await ask('GET', `/sandbox/static/${path}`)).status).toBe(404);
  }
});

test.each(['evil.test', '127.0.0.1:1', 'localhost'])('refuses the host %s', async (host) => {
  const { status, body } = await ask('GET', '/sandbox/state', { host });
  expect(status).toBe(403);
  expect(body).toContain(page.host);
});

test.each([
  ['no origin', { 'content-type': 'application/json' }],
  ['a foreign origin', { origin: 'http://evil.test', 'content-type': 'application/json' }],
  ['an opaque origin', { origin: 'null', 'content-type': 'application/json' }],
])('refuses a POST with %s', async (_, headers) => {
  const { status, body } = await ask('POST', '/sandbox/say', headers, say);
  expect([status, JSON.parse(body).problem]).toEqual([403, expect.stringContaining('its own page only')]);
  expect(control.asked).toEqual([]);
});

test('refuses a POST that a form could have made', async () => {
  const headers = { origin: page.origin, 'content-type': 'text/plain' };
  expect((await ask('POST', '/sandbox/say', headers, say)).status).toBe(403);
});

test.each([
  ['say', '{', 400],
  ['say', '{"user":"U0ADA"}', 400],
  ['say', `{"user":"U0ADA","channel":"D0ADA","text":"x","more":1}`, 400],
  ['constructor', '{}', 404],
  ['click', '{"user":"U0ADA","target":{"home":false},"action":{"block_id":"b","action_id":"a"}}', 400],
])('refuses a senseless %s: %s', async (command, body, status) => {
  const answer = await ask('POST', `/sandbox/${command}`, json(), body);
  expect(answer.status).toBe(status);
  expect(JSON.parse(answer.body).problem).toMatch(/^The (request|sandbox) /);
  expect(control.asked).toEqual([]);
});

test('refuses a body over 1 MB in words', async () => {
  const answer = await ask('POST', '/sandbox/say', json(), 'x'.repeat(1_000_001));
  expect([answer.status, JSON.parse(answer.body).problem]).toEqual([400, expect.stringContaining('1 MB')]);
});

test('hands a command to the world, and its refusal back in its own words', async () => {
  expect((await ask('POST', '/sandbox/say', json(), say)).status).toBe(200);
  expect(control.asked.at(-1)).toEqual(['say', 'U0ADA', 'D0ADA', 'hello', undefined]);
  control.problem = new Error('The app is not connected.');
  const { status, body } = await ask('POST', '/sandbox/home', json(), '{"user":"U0ADA"}');
  control.problem = null;
  expect([status, JSON.parse(body).problem]).toEqual([422, 'The app is not connected.']);
});

test('shows each member their own outside world', async () => {
  const stateOf = async (user: string) => JSON.parse((await ask('GET', `/sandbox/state?user=${user}`)).body);
  const ada = await stateOf('U0ADA');
  expect(ada.outside.mail.inbox).toHaveLength(3);
  expect(ada.outside.events.map((event: { id: string }) => event.id)).toEqual(['e1', 'e2', 'e3', 't1']);
  expect((await stateOf('U0GUS')).outside.mail).toBeNull();
  expect((await ask('GET', '/sandbox/state?user=U0NOBODY')).status).toBe(404);
});

test('tells a listening page once about changes in a row', async () => {
  const [hostname, port] = page.host.split(':');
  const heard = await new Promise<string>((resolve, reject) => {
    const req = request({ hostname, port, path: '/sandbox/events', headers: { host: page.host } }, (res) => {
      let text = '';
      let rounds = 0;
      res.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (chunk.includes('retry')) for (let i = 0; i < 5; i += 1) outside.changed();
        // A second, later change marks the end: what came before it are the answers to the first five.
        if (chunk.includes('changed')) rounds += 1;
        if (rounds === 1) control.changed();
        if (rounds === 2) resolve(text);
        if (rounds === 2) req.destroy();
      });
    });
    req.on('error', reject).end();
  });
  expect(heard.match(/event: changed/g)).toHaveLength(2);
});
