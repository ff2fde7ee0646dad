import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Http } from '../../src/actions/action.ts';
import { askCalendar } from '../../src/actions/calendar/client.ts';
import { askGithub } from '../../src/actions/github/client.ts';
import { askGmail } from '../../src/actions/gmail/client.ts';
import { toProviderError } from '../../src/actions/provider-error.ts';
import { DeskError, ProviderError } from '../../src/errors.ts';

interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  /** Ends the connection in the middle of the body. */
  readonly breakOff?: boolean;
}

let server: Server;
let origin = '';
let answer: Answer = { status: 200 };
let requests = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    requests += 1;
    request.resume();
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {});
    const length = answer.breakOff === true ? { 'content-length': String(text.length + 100) } : {};
    response.writeHead(answer.status, { 'content-type': 'application/json', ...length, ...answer.headers });
    if (answer.breakOff !== true) return void response.end(text);
    response.write(text, () => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const forward: Http = (input, init) => {
  const url = new URL(String(input));
  return fetch(new URL(url.pathname + url.search, origin), init);
};

/** The same write through each of the three clients. */
const WRITES = {
  calendar: (http: Http) =>
    askCalendar(http, { what: 'that event', effect: true }, z.object({ id: z.string() }), (api) =>
      api.events.insert({ calendarId: 'a@b.example', requestBody: {} }),
    ),
  gmail: (http: Http) =>
    askGmail(http, { what: 'that draft', effect: true }, z.object({ id: z.string() }), (api) =>
      api.users.drafts.send({ userId: 'me', requestBody: { id: 'r1' } }),
    ),
  github: (http: Http) =>
    askGithub(http, { what: 'acme/site', effect: true }, z.object({ id: z.number() }), (api) =>
      api.issues.create({ owner: 'acme', repo: 'site', title: 'x' }),
    ),
};
const CLIENTS = Object.keys(WRITES) as (keyof typeof WRITES)[];

async function fail(client: keyof typeof WRITES, told: Answer, http: Http = forward): Promise<DeskError> {
  answer = told;
  requests = 0;
  try {
    await WRITES[client](http);
  } catch (error) {
    if (error instanceof DeskError) return error;
    throw error;
  }
  throw new Error('it succeeded');
}

const google = (reason: string) => ({ error: { code: 403, message: 'Told so', errors: [{ reason }] } });

describe.each(CLIENTS)('every answer of %s', (client) => {
  it.each([
    [400, 'provider_invalid', false],
    [401, 'provider_unauthorized', false],
    [403, 'provider_forbidden', false],
    [404, 'provider_not_found', false],
    [408, 'provider_unavailable', true],
    [409, 'provider_conflict', false],
    [410, 'provider_gone', false],
    [412, 'provider_changed', false],
    [422, 'provider_invalid', false],
    [429, 'provider_rate_limited', false],
    [500, 'provider_unavailable', true],
    [503, 'provider_unavailable', true],
    // Followed by nobody; but a write was sent, and who answers so may have carried it out.
    [301, 'provider_not_found', true],
    [304, 'provider_not_found', true],
    [425, 'provider_unavailable', true],
    [499, 'provider_unavailable', true],
    [413, 'provider_invalid', false],
  ])('%i becomes %s, sent once', async (status, code, effectPossible) => {
    const error = await fail(client, {
      status,
      headers: { location: '/elsewhere' },
      body: { message: 'no' },
    });
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({ code, status, effectPossible });
    expect(requests).toBe(1);
  });

  it('keeps Retry-After in seconds, and reads a date against the answer’s own', async () => {
    const seconds = await fail(client, { status: 429, headers: { 'retry-after': '17' } });
    expect(seconds).toMatchObject({
      retryAfter: 17,
      message: expect.stringContaining('in 17 seconds') as string,
    });
    const headers = { date: 'Tue, 03 Nov 2026 09:00:00 GMT', 'retry-after': 'Tue, 03 Nov 2026 09:02:00 GMT' };
    expect(await fail(client, { status: 503, headers })).toMatchObject({ retryAfter: 120 });
  });

  it('does not know about an effect whose answer broke off or cannot be read', async () => {
    const lost = await fail(client, { status: 200, body: { id: 'x' }, breakOff: true });
    expect(lost).toMatchObject({ code: 'provider_unreachable', effectPossible: true });
    const odd = await fail(client, { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' });
    expect(odd).toMatchObject({ code: 'provider_unavailable', effectPossible: true });
  });

  it('knows that nothing happened when nobody listens', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const nobody: Http = (_input, init) => fetch(`http://127.0.0.1:${port}/`, init);
    const error = await fail(client, { status: 200 }, nobody);
    expect(error).toMatchObject({ code: 'provider_unreachable', effectPossible: false });
  });

  it('gives up on an answer that does not come', async () => {
    const silent: Http = (_input, init) =>
      new Promise((_resolve, reject) => {
        const stop = () => reject(new DOMException('The operation timed out.', 'TimeoutError'));
        // The client's own signal is there; waiting for its 15 seconds would only slow the test.
        if (init?.signal instanceof AbortSignal) stop();
      });
    const error = await fail(client, { status: 200 }, silent);
    expect(error).toMatchObject({ code: 'provider_unreachable', effectPossible: true });
  });

  it('passes on what the lease itself refused', async () => {
    const refused = new DeskError('lease_refused', { reason: 'it ended' });
    expect(await fail(client, { status: 200 }, () => Promise.reject(refused))).toBe(refused);
  });

  it('keeps a provider’s words short and on one line', async () => {
    const message = `a\n${'b'.repeat(5000)}`;
    const error = await fail(client, {
      status: 422,
      body: client === 'github' ? { message } : { error: { message } },
    });
    expect(error.message.length).toBeLessThan(300);
    expect(error.message).not.toContain('\n');
  });
});

describe('403', () => {
  it.each(['rateLimitExceeded', 'userRateLimitExceeded', 'quotaExceeded'])(
    'of Google for %s is a rate limit',
    async (reason) => {
      expect(await fail('calendar', { status: 403, body: google(reason) })).toMatchObject({
        code: 'provider_rate_limited',
        message: expect.stringContaining('60 seconds') as string,
      });
    },
  );

  it('of Google for a missing scope asks for the permission', async () => {
    expect(await fail('gmail', { status: 403, body: google('insufficientPermissions') })).toMatchObject({
      code: 'account_scope_missing',
    });
  });

  it('of GitHub tells its rate limits and a missing scope apart', async () => {
    const date = 'Tue, 03 Nov 2026 09:00:00 GMT';
    const reset = String(Date.parse(date) / 1000 + 90);
    const primary = { date, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
    expect(await fail('github', { status: 403, headers: primary })).toMatchObject({
      code: 'provider_rate_limited',
      retryAfter: 90,
    });
    const body = { message: 'You have exceeded a secondary rate limit.' };
    expect(await fail('github', { status: 403, body })).toMatchObject({ code: 'provider_rate_limited' });
    const scopes = { 'x-oauth-scopes': 'gist', 'x-accepted-oauth-scopes': 'repo, public_repo' };
    expect(await fail('github', { status: 403, headers: scopes })).toMatchObject({
      code: 'account_scope_missing',
    });
  });
});

describe('toProviderError', () => {
  const about = { service: 'GitHub', what: 'it', effect: true };

  it('finds our own error and the provider’s answer however deep they are wrapped', () => {
    const ours = new DeskError('account_reconnect', { service: 'GitHub' });
    expect(toProviderError(new Error('a', { cause: new Error('b', { cause: ours }) }), about)).toBe(ours);
    const answered = Object.assign(new Error('c'), {
      response: { status: 404, headers: { date: 'x' }, data: {} },
    });
    expect(toProviderError(new Error('d', { cause: answered }), about)).toMatchObject({
      code: 'provider_not_found',
    });
  });
});
