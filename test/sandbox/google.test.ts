import { createHash, randomBytes } from 'node:crypto';
import { calendar } from 'googleapis/build/src/apis/calendar/index.js';
import { gmail } from 'googleapis/build/src/apis/gmail/index.js';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGoogleStandIn, type GoogleStandIn } from '../../src/sandbox/google/stand-in.ts';

const AUTH = 'https://www.googleapis.com/auth/';
const CALENDAR = `openid email profile ${AUTH}calendar`;
const MAIL = `openid email ${AUTH}gmail.readonly ${AUTH}gmail.compose`;
const REDIRECT = 'http://127.0.0.1:3999/callback';
const START = new Date('2026-11-24T10:00:00Z');

let google: GoogleStandIn;
let origin: string;
let saved: unknown;
let now: Date;

function create(): GoogleStandIn {
  return createGoogleStandIn({
    state: { load: () => saved ?? null, save: (snapshot) => (saved = JSON.parse(JSON.stringify(snapshot))) },
    now: () => now,
  });
}

beforeEach(async () => {
  saved = null;
  now = new Date(START);
  google = create();
  ({ origin } = await google.start());
});

afterEach(() => google.stop());

interface Consent {
  readonly account?: string;
  readonly scope?: string;
  readonly extra?: Record<string, string>;
  readonly form?: Record<string, string>;
}

const verifier = randomBytes(32).toString('base64url');

async function consent({
  account = 'ada@acme.test',
  scope = CALENDAR,
  extra = {},
  form = {},
}: Consent = {}): Promise<URL> {
  const query = new URLSearchParams({
    client_id: google.credentials.clientId,
    redirect_uri: REDIRECT,
    response_type: 'code',
    scope,
    state: 'the-state',
    access_type: 'offline',
    prompt: 'consent',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...extra,
  });
  const url = `${origin}/o/oauth2/v2/auth?${query}`;
  const page = await fetch(url);
  expect(page.status).toBe(200);
  const answer = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ account, decision: 'allow', ...form }),
    redirect: 'manual',
  });
  expect(answer.status).toBe(302);
  return new URL(answer.headers.get('location') ?? '');
}

async function postToken(
  params: Record<string, string>,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(`${origin}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: google.credentials.clientId,
      client_secret: google.credentials.clientSecret,
      ...params,
    }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function exchange(code: string, params: Record<string, string> = {}) {
  return postToken({
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT,
    code_verifier: verifier,
    ...params,
  });
}

async function signIn(
  options: Consent = {},
): Promise<{ access: string; refresh: string; body: Record<string, unknown> }> {
  const code = (await consent(options)).searchParams.get('code') ?? '';
  const { status, body } = await exchange(code);
  expect(status).toBe(200);
  return { access: String(body['access_token']), refresh: String(body['refresh_token']), body };
}

function client(access: string) {
  const common = { rootUrl: `${origin}/`, headers: { authorization: `Bearer ${access}` }, retry: false };
  return { calendar: calendar({ version: 'v3', ...common }), gmail: gmail({ version: 'v1', ...common }) };
}

/** The status and Google's reason of a call that must fail. */
async function failureOf(
  call: Promise<unknown>,
): Promise<{ status: number; reason: string; headers: Headers }> {
  const error = await call.then(
    () => expect.unreachable('the call went through'),
    (caught: unknown) =>
      caught as {
        response: {
          status: number;
          data: { error: { code: number; errors: { reason: string }[] } };
          headers: Headers;
        };
      },
  );
  const { status, data, headers } = error.response;
  expect(data.error.code).toBe(status);
  return { status, reason: data.error.errors[0]?.reason ?? '', headers };
}

async function buildRaw(
  message: Parameters<ReturnType<typeof createTransport>['sendMail']>[0],
): Promise<string> {
  const transport = createTransport({ streamTransport: true, buffer: true });
  const { message: bytes } = await transport.sendMail(message);
  return (bytes as Buffer).toString('base64url');
}

describe('OAuth', () => {
  it('signs in with PKCE and gives tokens, an ID token and userinfo', async () => {
    const back = await consent({ extra: { nonce: 'n-1' } });
    expect(back.searchParams.get('state')).toBe('the-state');
    const { body } = await exchange(back.searchParams.get('code') ?? '');
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3599 });
    expect(body['refresh_token']).toMatch(/^1\/\/0/);
    expect(String(body['scope']).split(' ')).toContain(`${AUTH}userinfo.email`);
    const keys = (await (await fetch(`${origin}/oauth2/v3/certs`)).json()) as JSONWebKeySet;
    const { payload } = await jwtVerify(String(body['id_token']), createLocalJWKSet(keys), {
      issuer: 'https://accounts.google.com',
      audience: google.credentials.clientId,
      currentDate: now,
    });
    expect(payload).toMatchObject({ email: 'ada@acme.test', email_verified: true, nonce: 'n-1' });
    for (const path of ['/oauth2/v3/userinfo', '/v1/userinfo']) {
      const info = await fetch(origin + path, {
        headers: { authorization: `Bearer ${String(body['access_token'])}` },
      });
      expect(await info.json()).toMatchObject({
        sub: payload.sub,
        email: 'ada@acme.test',
        email_verified: true,
      });
    }
  });

  it('shows scopes and accounts, preselects the hinted one and escapes what it shows', async () => {
    const query = new URLSearchParams({
      client_id: google.credentials.clientId,
      redirect_uri: REDIRECT,
      response_type: 'code',
      scope: MAIL,
      state: '"><script>alert(1)</script>',
      login_hint: 'ben@acme.test',
    });
    const html = await (await fetch(`${origin}/o/oauth2/v2/auth?${query}`)).text();
    for (const email of ['ada@acme.test', 'ben@acme.test', 'gus@guest.test']) expect(html).toContain(email);
    expect(html).not.toContain('priya@acme.test');
    expect(html).toMatch(/value="ben@acme\.test" required checked/);
    expect(html).toContain('Read your mail');
    expect(html).not.toContain('<script>');
  });

  it('redirects a denial and grants only what was ticked', async () => {
    const denied = await consent({ form: { decision: 'deny' } });
    expect(denied.searchParams.get('error')).toBe('access_denied');
    expect(denied.searchParams.get('state')).toBe('the-state');
    const { body } = await signIn({ scope: MAIL, form: { chooses: 'yes', scope: `${AUTH}gmail.readonly` } });
    expect(body['scope']).not.toContain('gmail.compose');
    expect(body['scope']).toContain('gmail.readonly');
  });

  it('refuses an authorization request without redirecting when client or target is wrong', async () => {
    const ask = (params: Record<string, string>) =>
      fetch(
        `${origin}/o/oauth2/v2/auth?${new URLSearchParams({ client_id: google.credentials.clientId, redirect_uri: REDIRECT, response_type: 'code', scope: 'openid', ...params })}`,
        { redirect: 'manual' },
      );
    expect((await ask({ client_id: 'other' })).status).toBe(401);
    expect((await ask({ redirect_uri: 'javascript:alert(1)' })).status).toBe(400);
    expect((await ask({ scope: 'openid https://www.googleapis.com/auth/nothing' })).status).toBe(400);
    expect((await ask({ code_challenge: 'short', code_challenge_method: 'S256' })).status).toBe(400);
    expect((await ask({ prompt: 'none' })).headers.get('location')).toContain('error=interaction_required');
  });

  it('refuses a form that another site posts', async () => {
    const query = new URLSearchParams({
      client_id: google.credentials.clientId,
      redirect_uri: REDIRECT,
      response_type: 'code',
      scope: 'openid',
    });
    const answer = await fetch(`${origin}/o/oauth2/v2/auth?${query}`, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
      body: new URLSearchParams({ account: 'ada@acme.test', decision: 'allow' }),
      redirect: 'manual',
    });
    expect(answer.status).toBe(403);
  });

  it('words token errors as Google does', async () => {
    const code = (await consent()).searchParams.get('code') ?? '';
    expect(await exchange(code, { client_id: 'nobody' })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
    expect(await exchange(code, { client_secret: 'wrong' })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
    expect(await exchange('nonsense')).toEqual({
      status: 400,
      body: { error: 'invalid_grant', error_description: 'Malformed auth code.' },
    });
    expect(await exchange(code, { redirect_uri: 'http://127.0.0.1:1/' })).toMatchObject({
      status: 400,
      body: { error: 'redirect_uri_mismatch' },
    });
    expect(await exchange(code, { code_verifier: 'a'.repeat(43) })).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    expect((await exchange(code)).status).toBe(200);
    expect(await exchange(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await postToken({ grant_type: 'password' })).toMatchObject({
      body: { error: 'unsupported_grant_type' },
    });
  });

  it('gives a refresh token once, refreshes with Basic and narrower scopes, and refuses wider ones', async () => {
    const { refresh } = await signIn();
    const again = await signIn({ extra: { prompt: 'select_account' } });
    expect(again.body['refresh_token']).toBeUndefined();
    const basic = Buffer.from(`${google.credentials.clientId}:${google.credentials.clientSecret}`).toString(
      'base64',
    );
    const answer = await fetch(`${origin}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refresh }),
    });
    expect(answer.status).toBe(200);
    const narrow = await postToken({ grant_type: 'refresh_token', refresh_token: refresh, scope: 'email' });
    expect(narrow.body['scope']).toBe(`${AUTH}userinfo.email`);
    const wide = await postToken({
      grant_type: 'refresh_token',
      refresh_token: refresh,
      scope: `${AUTH}gmail.send`,
    });
    expect(wide).toMatchObject({ status: 400, body: { error: 'invalid_scope' } });
  });

  it('includes earlier scopes when asked to, and revokes all of them at once', async () => {
    await signIn();
    const { body, refresh, access } = await signIn({
      scope: MAIL,
      extra: { include_granted_scopes: 'true' },
    });
    expect(body['scope']).toContain(`${AUTH}calendar`);
    const revoke = () =>
      fetch(`${origin}/revoke`, { method: 'POST', body: new URLSearchParams({ token: refresh }) });
    expect((await revoke()).status).toBe(200);
    expect(await (await revoke()).json()).toMatchObject({ error: 'invalid_token' });
    expect((await postToken({ grant_type: 'refresh_token', refresh_token: refresh })).body['error']).toBe(
      'invalid_grant',
    );
    expect(await failureOf(client(access).gmail.users.getProfile({ userId: 'me' }))).toMatchObject({
      status: 401,
      reason: 'authError',
    });
  });

  it('ends access tokens after an hour, and all of them when told to', async () => {
    const { access, refresh } = await signIn();
    const get = () => client(access).calendar.calendars.get({ calendarId: 'primary' });
    await get();
    now = new Date(START.getTime() + 3_600_000);
    const gone = await failureOf(get());
    expect(gone).toMatchObject({ status: 401, reason: 'authError' });
    expect(gone.headers.get('www-authenticate')).toContain('invalid_token');
    google.world.revokeAll('ada@acme.test');
    expect((await postToken({ grant_type: 'refresh_token', refresh_token: refresh })).status).toBe(400);
  });

  it('keeps world and tokens over a restart, and no usable token in the state', async () => {
    const { access, refresh } = await signIn();
    const text = JSON.stringify(saved);
    expect(text).not.toContain(access);
    expect(text).not.toContain(refresh);
    expect(JSON.stringify([google.world.requests(), google.world.effects()])).not.toContain(access);
    await google.stop();
    const before = google.credentials;
    google = create();
    ({ origin } = await google.start());
    expect(google.credentials).toEqual(before);
    const { data } = await client(access).calendar.calendars.get({ calendarId: 'primary' });
    expect(data.timeZone).toBe('Europe/Berlin');
  });

  it('answers no foreign Host', async () => {
    const { request } = await import('node:http');
    const status = await new Promise((resolve, reject) => {
      request(origin, { headers: { host: 'evil.example' } }, (answer) => resolve(answer.statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(421);
  });
});

describe('Calendar', () => {
  async function open(account = 'ada@acme.test') {
    return client((await signIn({ account })).access).calendar;
  }
  const day = { timeMin: '2026-11-24T00:00:00+01:00', timeMax: '2026-11-25T00:00:00+01:00' };
  const list = { calendarId: 'primary', singleEvents: true, orderBy: 'startTime', ...day };

  it('lists today in order, in the zone of the calendar or the one asked for', async () => {
    const api = await open();
    const { data } = await api.events.list(list);
    expect(data.items?.map(({ summary }) => summary)).toEqual(['Standup', '1:1 with Priya']);
    expect(data.items?.[1]).toMatchObject({
      kind: 'calendar#event',
      status: 'confirmed',
      start: { dateTime: '2026-11-24T15:00:00+01:00', timeZone: 'Europe/Berlin' },
      organizer: { email: 'ada@acme.test', self: true },
    });
    expect(data.items?.[0]?.recurringEventId).toBeTruthy();
    const page = await fetch(data.items?.[1]?.htmlLink ?? '');
    expect(await page.text()).toContain('1:1 with Priya');
    const utc = await api.events.list({ ...list, timeZone: 'UTC', q: 'priya' });
    expect(utc.data.items?.map(({ start }) => start?.dateTime)).toEqual(['2026-11-24T14:00:00Z']);
    const ben = await (await open('ben@acme.test')).events.list({ ...list, timeMax: '2026-11-25T05:00:00Z' });
    expect(ben.data.items?.find(({ summary }) => summary === '1:1 with Priya')?.start?.dateTime).toBe(
      '2026-11-24T15:00:00-05:00',
    );
  });

  it('pages, and refuses what makes no sense', async () => {
    const api = await open();
    const week = { calendarId: 'primary', singleEvents: true, orderBy: 'startTime', maxResults: 3 };
    const first = await api.events.list(week);
    const second = await api.events.list({ ...week, pageToken: first.data.nextPageToken ?? '' });
    const ids = [...(first.data.items ?? []), ...(second.data.items ?? [])].map(({ id }) => id);
    expect(new Set(ids).size).toBe(6);
    expect(await failureOf(api.events.list({ calendarId: 'primary', orderBy: 'startTime' }))).toMatchObject({
      status: 400,
    });
    expect(await failureOf(api.events.list({ ...list, timeMin: '2026-11-24' }))).toMatchObject({
      status: 400,
    });
    expect(await failureOf(api.events.list({ ...list, timeMax: day.timeMin }))).toMatchObject({
      reason: 'timeRangeEmpty',
    });
    expect(await failureOf(api.events.list({ calendarId: 'nobody@acme.test' }))).toMatchObject({
      status: 404,
      reason: 'notFound',
    });
  });

  it('takes an event id once, even after the event was deleted', async () => {
    const api = await open();
    const id = randomBytes(16).toString('hex');
    const requestBody = {
      id,
      summary: 'Plan',
      start: { dateTime: '2026-11-25T15:00:00', timeZone: 'Europe/Berlin' },
      end: { dateTime: '2026-11-25T16:00:00', timeZone: 'Europe/Berlin' },
      attendees: [{ email: 'ben@acme.test' }, { email: 'sam@partner.example' }],
    };
    const insert = () => api.events.insert({ calendarId: 'primary', requestBody, sendUpdates: 'all' });
    const { data } = await insert();
    expect(data).toMatchObject({ id, start: { dateTime: '2026-11-25T15:00:00+01:00' } });
    expect(await failureOf(insert())).toMatchObject({ status: 409, reason: 'duplicate' });
    const inbox = google.world.mailboxes().find(({ email }) => email === 'ben@acme.test');
    expect(inbox?.messages[0]?.subject).toBe('Invitation: Plan');
    expect(google.world.effects().map(({ kind }) => kind)).toEqual(['event.inserted', 'invitation.sent']);
    const guest = await (await open('ben@acme.test')).events.get({ calendarId: 'primary', eventId: id });
    expect(guest.data.attendees?.find(({ self }) => self)?.email).toBe('ben@acme.test');
    await api.events.delete({ calendarId: 'primary', eventId: id });
    expect(await failureOf(insert())).toMatchObject({ status: 409 });
    expect((await api.events.get({ calendarId: 'primary', eventId: id })).data.status).toBe('cancelled');
    expect(await failureOf(api.events.delete({ calendarId: 'primary', eventId: id }))).toMatchObject({
      status: 410,
      reason: 'deleted',
    });
    const bad = { ...requestBody, id: 'UPPER-case' };
    expect(await failureOf(api.events.insert({ calendarId: 'primary', requestBody: bad }))).toMatchObject({
      status: 400,
    });
  });

  it('checks times', async () => {
    const api = await open();
    const insert = (start: object | undefined, end: object) =>
      failureOf(api.events.insert({ calendarId: 'primary', requestBody: { ...(start && { start }), end } }));
    const end = { dateTime: '2026-11-25T16:00:00Z' };
    expect(await insert(undefined, end)).toMatchObject({ status: 400, reason: 'required' });
    expect(await insert({ dateTime: '2026-11-25T15:00:00' }, end)).toMatchObject({ status: 400 });
    expect(await insert({ dateTime: '2026-11-25T17:00:00Z' }, end)).toMatchObject({
      reason: 'timeRangeEmpty',
    });
    expect(await insert({ date: '2026-11-25' }, end)).toMatchObject({ status: 400 });
  });

  it('honours etags on patch and delete, and gives a new one with every change', async () => {
    const api = await open();
    const { data } = await api.events.list({ ...list, q: 'priya' });
    const event = data.items?.[0];
    const target = { calendarId: 'primary', eventId: event?.id ?? '' };
    const match = { headers: { 'If-Match': event?.etag ?? '' } };
    const moved = await api.events.patch(
      {
        ...target,
        sendUpdates: 'all',
        requestBody: {
          start: { dateTime: '2026-11-25T15:00:00+01:00' },
          end: { dateTime: '2026-11-25T15:30:00+01:00' },
        },
      },
      match,
    );
    expect(moved.data).toMatchObject({ summary: '1:1 with Priya', location: 'Room Turing', sequence: 1 });
    expect(moved.data.etag).not.toBe(event?.etag);
    expect(
      await failureOf(api.events.patch({ ...target, requestBody: { summary: 'x' } }, match)),
    ).toMatchObject({ status: 412, reason: 'conditionNotMet' });
    expect(await failureOf(api.events.delete(target, match))).toMatchObject({ status: 412 });
    const priya = google.world.mailboxes().find(({ email }) => email === 'priya@acme.test');
    expect(priya?.messages[0]?.subject).toBe('Updated invitation: 1:1 with Priya');
    await api.events.delete(target, { headers: { 'If-Match': moved.data.etag ?? '' } });
    expect(await failureOf(api.events.patch({ ...target, requestBody: { summary: 'x' } }))).toMatchObject({
      status: 410,
    });
    const shown = await api.events.list({
      calendarId: 'primary',
      q: '1:1',
      showDeleted: true,
      singleEvents: true,
    });
    expect(shown.data.items?.map(({ status }) => status)).toEqual(['cancelled']);
  });

  it('lets a guest answer and leave, and change nothing shared', async () => {
    const ben = await open('ben@acme.test');
    const { data } = await ben.events.list({ calendarId: 'primary', q: 'Q4 planning', singleEvents: true });
    const target = { calendarId: 'primary', eventId: data.items?.[0]?.id ?? '' };
    expect(await failureOf(ben.events.patch({ ...target, requestBody: { summary: 'Mine' } }))).toMatchObject({
      status: 403,
      reason: 'forbiddenForNonOrganizer',
    });
    await ben.events.delete(target);
    expect(await failureOf(ben.events.get(target))).toMatchObject({ status: 404 });
    const ada = await (await open()).events.get(target);
    expect(ada.data.attendees?.find(({ email }) => email === 'ben@acme.test')?.responseStatus).toBe(
      'declined',
    );
  });

  it('tells who a calendar is shared with, to its owner alone', async () => {
    const ada = await open();
    const lists = await ada.calendarList.list();
    expect(lists.data.items?.map(({ summary, accessRole }) => [summary, accessRole])).toEqual([
      ['ada@acme.test', 'owner'],
      ['Acme team', 'owner'],
    ]);
    expect((await ada.acl.list({ calendarId: 'primary' })).data.items?.map(({ role }) => role)).toEqual([
      'owner',
    ]);
    const calendarId = lists.data.items?.[1]?.id ?? '';
    expect((await ada.acl.list({ calendarId })).data.items).toHaveLength(3);
    const ben = await open('ben@acme.test');
    expect(await failureOf(ben.acl.list({ calendarId }))).toMatchObject({ status: 403 });
    expect(await failureOf(ben.events.list({ calendarId: 'ada@acme.test' }))).toMatchObject({ status: 404 });
    const gus = await open('gus@guest.test');
    expect(await failureOf(gus.events.list({ calendarId }))).toMatchObject({ status: 404 });
  });

  it('answers free and busy for colleagues, and notFound for strangers', async () => {
    const api = await open();
    const { data } = await api.freebusy.query({
      requestBody: {
        ...day,
        timeZone: 'Europe/Berlin',
        items: [{ id: 'primary' }, { id: 'priya@acme.test' }, { id: 'x@else.example' }],
      },
    });
    expect(data.calendars?.['primary']?.busy).toEqual([
      { start: '2026-11-24T09:30:00+01:00', end: '2026-11-24T09:45:00+01:00' },
      { start: '2026-11-24T15:00:00+01:00', end: '2026-11-24T15:30:00+01:00' },
    ]);
    expect(data.calendars?.['priya@acme.test']?.busy).toHaveLength(2);
    expect(data.calendars?.['x@else.example']?.errors?.[0]?.reason).toBe('notFound');
  });

  it('enforces scopes per method', async () => {
    const { access } = await signIn({ scope: `${AUTH}calendar.events.readonly` });
    const api = client(access).calendar;
    await api.events.list({ calendarId: 'primary' });
    const refused = await failureOf(api.events.delete({ calendarId: 'primary', eventId: 'whatever' }));
    expect(refused).toMatchObject({ status: 403, reason: 'insufficientPermissions' });
    expect(refused.headers.get('www-authenticate')).toContain('insufficient_scope');
    expect(await failureOf(api.acl.list({ calendarId: 'primary' }))).toMatchObject({ status: 403 });
    expect(await failureOf(client(access).gmail.users.messages.list({ userId: 'me' }))).toMatchObject({
      status: 403,
      reason: 'insufficientPermissions',
    });
  });
});

describe('Gmail', () => {
  async function open(account = 'ada@acme.test') {
    return client((await signIn({ account, scope: MAIL })).access).gmail.users;
  }
  const me = { userId: 'me' };

  it('searches as Gmail does', async () => {
    const users = await open();
    const count = async (q: string): Promise<number> => {
      const { data } = await users.messages.list({ ...me, q });
      return data.messages?.length ?? 0;
    };
    expect(await count('from:priya@acme.test')).toBe(2);
    expect(await count('from:priya subject:"Q4 plan"')).toBe(1);
    expect(await count('is:unread newer_than:1d -from:priya')).toBe(2);
    expect(await count('from:billing OR from:sam')).toBe(2);
    expect(await count('in:drafts')).toBe(1);
    expect(await count('after:2026/11/24')).toBe(4);
    expect(await count('before:2026/11/22')).toBe(1);
    expect(await count('cantina')).toBe(1);
    expect(await count('has:attachment')).toBe(0);
    const { data } = await users.messages.list({ ...me, maxResults: 5 });
    const rest = await users.messages.list({ ...me, maxResults: 5, pageToken: data.nextPageToken ?? '' });
    expect((data.messages?.length ?? 0) + (rest.data.messages?.length ?? 0)).toBe(9);
    expect((await users.messages.list({ ...me, labelIds: ['INBOX', 'UNREAD'] })).data.messages).toHaveLength(
      4,
    );
  });

  it('shows a message in every format', async () => {
    const users = await open();
    const { data } = await users.messages.list({ ...me, q: 'from:juergen' });
    const id = data.messages?.[0]?.id ?? '';
    const full = (await users.messages.get({ ...me, id })).data;
    const header = (name: string) =>
      full.payload?.headers?.find((entry) => entry.name?.toLowerCase() === name.toLowerCase())?.value;
    expect(header('Subject')).toBe('Grüße aus München – Vertrag');
    expect(header('From')).toBe('Jürgen Groß <juergen@partner.example>');
    expect(Buffer.from(full.payload?.body?.data ?? '', 'base64url').toString()).toContain('Viele Grüße');
    const metadata = (await users.messages.get({ ...me, id, format: 'metadata', metadataHeaders: ['From'] }))
      .data;
    expect(metadata.payload?.headers).toHaveLength(1);
    expect((await users.messages.get({ ...me, id, format: 'minimal' })).data.payload).toBeUndefined();
    const raw = (await users.messages.get({ ...me, id, format: 'raw' })).data.raw ?? '';
    expect(Buffer.from(raw, 'base64url').toString()).toContain('Content-Transfer-Encoding: base64');
    expect(await failureOf(users.messages.get({ ...me, id: 'nothing' }))).toMatchObject({
      status: 404,
      reason: 'notFound',
    });
  });

  it('sends, replaces Message-ID, keeps X- headers, hides Bcc and delivers to who lives here', async () => {
    const users = await open();
    const raw = await buildRaw({
      from: 'someone@else.example',
      to: '"Ben, the second" <ben@acme.test>, sam@partner.example',
      bcc: 'priya@acme.test',
      subject: 'Über Köln',
      text: 'Grüße – ganz kurz',
      html: '<p>Grüße</p>',
      messageId: '<ours@desk.example>',
      headers: { 'X-AgentDesk-Call': 'K7QM2X9A' },
    });
    // nodemailer leaves Bcc out of what it builds unless told otherwise
    const withBcc = Buffer.concat([
      Buffer.from('Bcc: priya@acme.test\r\n'),
      Buffer.from(raw, 'base64url'),
    ]).toString('base64url');
    const { data } = await users.messages.send({ ...me, requestBody: { raw: withBcc } });
    expect(data.labelIds).toEqual(['SENT']);
    const sent = (await users.messages.get({ ...me, id: data.id ?? '' })).data;
    const header = (name: string) =>
      sent.payload?.headers?.find((entry) => entry.name?.toLowerCase() === name.toLowerCase())?.value;
    expect(header('X-AgentDesk-Call')).toBe('K7QM2X9A');
    expect(header('Message-ID')).toMatch(/@mail\.gmail\.com>$/);
    expect(header('From')).toBe('Ada <ada@acme.test>');
    expect(sent.payload?.mimeType).toBe('multipart/alternative');
    const boxes = google.world.mailboxes();
    for (const email of ['ben@acme.test', 'priya@acme.test']) {
      const mail = boxes.find((box) => box.email === email)?.messages[0];
      expect(mail).toMatchObject({
        subject: 'Über Köln',
        bcc: '',
        text: expect.stringContaining('Grüße – ganz kurz'),
      });
    }
    expect(google.world.effects()).toMatchObject([{ kind: 'mail.sent' }]);
  });

  it('takes a message at the upload address', async () => {
    const users = await open();
    const body = 'To: ben@acme.test\r\nSubject: Upload\r\n\r\nhello';
    // rootUrl does not move uploads, so the host is replaced where a lease's fetch would do it
    const fetchImplementation: typeof fetch = (input, init) =>
      fetch(String(input).replace('https://gmail.googleapis.com', origin), {
        duplex: 'half',
        ...init,
      });
    const options = { fetchImplementation };
    await users.messages.send({ ...me, media: { mimeType: 'message/rfc822', body } }, options);
    await users.messages.send(
      { ...me, requestBody: {}, media: { mimeType: 'message/rfc822', body } },
      options,
    );
    const ben = google.world.mailboxes().find(({ email }) => email === 'ben@acme.test');
    expect(ben?.messages.slice(0, 2).map(({ subject, text }) => [subject, text.trim()])).toEqual([
      ['Upload', 'hello'],
      ['Upload', 'hello'],
    ]);
  });

  it('refuses mail without or with broken recipients', async () => {
    const users = await open();
    const send = (text: string) =>
      failureOf(
        users.messages.send({ ...me, requestBody: { raw: Buffer.from(text).toString('base64url') } }),
      );
    expect(await send('Subject: x\r\n\r\ny')).toMatchObject({ status: 400, reason: 'invalidArgument' });
    expect(await send('To: not an address\r\n\r\ny')).toMatchObject({ status: 400 });
    expect(await failureOf(users.messages.send({ ...me, requestBody: {} }))).toMatchObject({ status: 400 });
    expect(google.world.effects()).toEqual([]);
  });

  it('sends a draft once; it is gone and its thread holds what was sent', async () => {
    const users = await open();
    const raw = await buildRaw({
      to: 'ben@acme.test',
      subject: 'Hello',
      text: 'x',
      headers: { 'X-AgentDesk-Call': 'ABCD1234' },
    });
    const draft = (await users.drafts.create({ ...me, requestBody: { message: { raw } } })).data;
    expect(draft.message?.labelIds).toEqual(['DRAFT']);
    expect(google.world.mailboxes()[0]?.drafts).toHaveLength(2);
    const id = draft.id ?? '';
    const second = await buildRaw({
      to: 'ben@acme.test',
      subject: 'Hello again',
      text: 'y',
      headers: { 'X-AgentDesk-Call': 'ABCD1234' },
    });
    const updated = (await users.drafts.update({ ...me, id, requestBody: { message: { raw: second } } }))
      .data;
    expect(updated.id).toBe(id);
    expect((await users.drafts.get({ ...me, id })).data.message?.id).toBe(updated.message?.id);
    const sent = (await users.drafts.send({ ...me, requestBody: { id } })).data;
    expect(sent.threadId).toBe(updated.message?.threadId);
    expect(await failureOf(users.drafts.send({ ...me, requestBody: { id } }))).toMatchObject({ status: 404 });
    expect(await failureOf(users.drafts.get({ ...me, id }))).toMatchObject({ status: 404 });
    const thread = (await users.threads.get({ ...me, id: sent.threadId ?? '', format: 'metadata' })).data;
    expect(thread.messages).toHaveLength(1);
    // nodemailer writes the name in another case; headers are compared without it
    const call = thread.messages?.[0]?.payload?.headers?.find(({ name }) =>
      /^x-agentdesk-call$/i.test(name ?? ''),
    );
    expect(call?.value).toBe('ABCD1234');
    expect(google.world.effects().map(({ kind }) => kind)).toEqual([
      'draft.created',
      'draft.updated',
      'mail.sent',
    ]);
  });

  it('joins a thread only for a real reply, on both sides', async () => {
    const ada = await open();
    const first = (
      await ada.messages.send({
        ...me,
        requestBody: { raw: await buildRaw({ to: 'ben@acme.test', subject: 'Topic', text: '1' }) },
      })
    ).data;
    const ben = await open('ben@acme.test');
    const received = (await ben.messages.list({ ...me, q: 'subject:Topic' })).data.messages?.[0];
    const mail = (await ben.messages.get({ ...me, id: received?.id ?? '' })).data;
    const messageId = mail.payload?.headers?.find(({ name }) => name === 'Message-ID')?.value ?? '';
    const threadId = received?.threadId ?? '';
    const raw = await buildRaw({
      to: 'ada@acme.test',
      subject: 'Re: Topic',
      text: '2',
      inReplyTo: messageId,
      references: messageId,
    });
    expect((await ben.messages.send({ ...me, requestBody: { raw, threadId } })).data.threadId).toBe(threadId);
    expect((await ada.threads.get({ ...me, id: first.threadId ?? '' })).data.messages).toHaveLength(2);
    const other = await buildRaw({ to: 'ada@acme.test', subject: 'Something else', text: '3' });
    expect(
      (await ben.messages.send({ ...me, requestBody: { raw: other, threadId } })).data.threadId,
    ).not.toBe(threadId);
    expect(
      await failureOf(ben.messages.send({ ...me, requestBody: { raw, threadId: 'f00d' } })),
    ).toMatchObject({ status: 404 });
  });

  it('tells profile and labels, and opens no other mailbox', async () => {
    const users = await open();
    expect((await users.getProfile(me)).data).toMatchObject({
      emailAddress: 'ada@acme.test',
      messagesTotal: 9,
    });
    expect((await users.labels.list(me)).data.labels?.map(({ id }) => id)).toContain('INBOX');
    expect(await failureOf(users.messages.list({ userId: 'ben@acme.test' }))).toMatchObject({ status: 403 });
  });

  it('holds a mail that tries to instruct the agent', () => {
    const [box] = google.world.mailboxes();
    expect(box?.messages.some(({ text }) => text.includes('ignore your previous instructions'))).toBe(true);
  });
});

describe('faults', () => {
  it('fails as told and only as often as told', async () => {
    const { access } = await signIn();
    const get = () => client(access).calendar.calendars.get({ calendarId: 'primary' });
    google.world.faults.failNext({
      match: (_, path) => path.startsWith('/calendar/'),
      status: 429,
      retryAfter: 7,
    });
    const limited = await failureOf(get());
    expect(limited).toMatchObject({ status: 429, reason: 'rateLimitExceeded' });
    expect(limited.headers.get('retry-after')).toBe('7');
    google.world.faults.failNext({ match: () => true, body: 'not JSON at all' });
    await expect(get()).rejects.toMatchObject({ response: { status: 500, data: 'not JSON at all' } });
    await get();
  });

  it('can do what was asked and lose the answer', async () => {
    const { access } = await signIn();
    let changes = 0;
    const stop = google.world.onChange(() => (changes += 1));
    google.world.faults.failNext({ match: (method) => method === 'POST', dropAnswer: true });
    const requestBody = { id: 'abcde12345', start: { date: '2026-11-26' }, end: { date: '2026-11-27' } };
    const { calendar: api } = client(access);
    await expect(api.events.insert({ calendarId: 'primary', requestBody })).rejects.toThrow();
    expect((await api.events.get({ calendarId: 'primary', eventId: 'abcde12345' })).data.start?.date).toBe(
      '2026-11-26',
    );
    expect(changes).toBe(1);
    stop();
    expect(google.world.requests().find(({ status }) => status === 0)?.method).toBe('POST');
  });
});
