import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADA, BEN, createKit, type Kit } from './kit.ts';
import { connect, exchange, openLease, READ_MAIL, REDIRECT } from './vault-kit.ts';

let kit: Kit;
let url: string;

beforeAll(async () => {
  kit = await createKit();
  ({ url } = await kit.start());
});

beforeEach(() => {
  kit.provider.reset();
  kit.resetClock();
});

afterAll(() => kit.stop());

const verifier = randomBytes(32).toString('base64url');

const request = (overrides: Record<string, unknown> = {}) => ({
  connection: 'google-oauth2',
  redirect_uri: REDIRECT,
  state: 'the-state',
  scopes: [READ_MAIL],
  code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  code_challenge_method: 'S256',
  ...overrides,
});

const completion = (session: unknown, overrides: Record<string, unknown> = {}) => ({
  auth_session: session,
  connect_code: 'the-code',
  redirect_uri: REDIRECT,
  code_verifier: verifier,
  ...overrides,
});

const disconnect = (id: unknown, lease: string) => kit.me(url, 'DELETE', `accounts/${id}?lease=${lease}`);

it('connects Google, lists it, exchanges for it, disconnects it', async () => {
  const begun = await kit.me(url, 'POST', 'connect', request());
  expect(begun).toMatchObject({ status: 201, body: { connect_params: {}, expires_in: 600 } });
  const consent = new URL(String(begun.body['connect_uri']));
  expect(consent.href.startsWith(`${kit.provider.url}/o/oauth2/v2/auth?`)).toBe(true);
  const query = Object.fromEntries(consent.searchParams);
  expect(query).toMatchObject({
    client_id: 'google-id',
    redirect_uri: REDIRECT,
    response_type: 'code',
    state: 'the-state',
    scope: `${READ_MAIL} openid email`,
    access_type: 'offline',
    prompt: 'consent',
    include_granted_scopes: 'true',
    code_challenge_method: 'S256',
  });
  // The vault proves itself to the provider with a verifier of its own.
  expect(query['code_challenge']).not.toBe(request().code_challenge);

  const done = await kit.me(url, 'POST', 'complete', completion(begun.body['auth_session']));
  const account = {
    provider_id: '1100',
    label: 'ben@acme.test',
    email: 'ben@acme.test',
    email_verified: true,
  };
  const scopes = ['openid', 'email', READ_MAIL];
  expect(done).toMatchObject({
    status: 201,
    body: { connection: 'google-oauth2', access_type: 'offline', scopes, account },
  });
  expect(done.body['id']).toMatch(/^cac_[\w-]{22}$/);
  expect(done.body['created_at']).toMatch(/^\d{4}-.*Z$/);
  const redeemed = kit.provider.seen[0]?.form.get('code_verifier') ?? '';
  expect(createHash('sha256').update(redeemed).digest('base64url')).toBe(query['code_challenge']);

  expect(await kit.me(url, 'GET', 'accounts')).toMatchObject({
    status: 200,
    body: { accounts: [{ id: done.body['id'], connection: 'google-oauth2', scopes, account }] },
  });
  const others = await kit.me(url, 'GET', 'accounts', undefined, await kit.meToken(ADA));
  expect(others.body).toEqual({ accounts: [] });

  const id = String(done.body['id']);
  const token = await exchange(kit, kit.connectClient(url), await openLease(kit, id), id);
  expect(kit.provider.issued).toContain(token.accessToken);

  expect((await disconnect(id, await openLease(kit, id, { kind: 'disconnect' }))).status).toBe(204);
  const revoked = kit.provider.seen.find(({ path }) => path === '/revoke')?.form.get('token');
  expect(revoked).toMatch(/^1\/\//);
  expect((await kit.me(url, 'GET', 'accounts')).body).toEqual({ accounts: [] });
  expect((await disconnect(id, randomUUID())).status).toBe(404);
});

it('connects GitHub with the primary verified address and revokes the whole grant', async () => {
  const begun = await kit.me(url, 'POST', 'connect', request({ connection: 'github', scopes: ['repo'] }));
  const consent = new URL(String(begun.body['connect_uri']));
  expect(consent.pathname).toBe('/login/oauth/authorize');
  expect(consent.searchParams.get('scope')).toBe('repo user:email');
  const done = await kit.me(url, 'POST', 'complete', completion(begun.body['auth_session']));
  expect(done.body).toMatchObject({
    scopes: ['repo', 'user:email'],
    account: { provider_id: '77', label: 'ben-acme', email: 'ben@acme.test', email_verified: true },
  });
  const id = String(done.body['id']);
  const lease = await openLease(kit, id, { kind: 'disconnect', connection: 'github' });
  expect((await disconnect(id, lease)).status).toBe(204);
  const revocation = kit.provider.seen.at(-1);
  expect(revocation).toMatchObject({ method: 'DELETE', path: '/api/applications/github-id/grant' });
  expect(revocation?.authorization).toBe(
    `Basic ${Buffer.from('github-id:github-secret').toString('base64')}`,
  );
});

it('keeps the id, joins the scopes and keeps the refresh token when an account is connected again', async () => {
  const first = await connect(kit, url, 'google-oauth2');
  const idToken = new UnsecuredJWT({ email: 'ben@acme.test', email_verified: true })
    .setSubject('1100')
    .setAudience('google-id')
    .encode();
  kit.provider.answer('POST /token', () => ({
    body: {
      access_token: kit.provider.issue('ya29.'),
      expires_in: 3599,
      scope: 'more',
      id_token: idToken,
    },
  }));
  const second = await connect(kit, url, 'google-oauth2');
  expect(second).toMatchObject({ status: 201, body: { id: first.body['id'] } });
  expect(second.body['scopes']).toEqual([...(first.body['scopes'] as string[]), 'more']);
  kit.provider.reset();
  const id = String(first.body['id']);
  expect(
    (await exchange(kit, kit.connectClient(url), await openLease(kit, id), id)).accessToken,
  ).toBeTruthy();

  kit.provider.answer('POST /token', () => ({
    body: { access_token: kit.provider.issue('ya29.'), expires_in: 3599, scope: 'more', id_token: idToken },
  }));
  const refused = await connect(kit, url, 'google-oauth2', ADA);
  expect(refused).toMatchObject({ status: 400, body: { type: 'urn:agentdesk:my-account:no_refresh_token' } });
});

describe('finds out whose Google account it is', () => {
  const tokens = (extra: object) => () => ({
    body: {
      access_token: kit.provider.issue('ya29.'),
      refresh_token: kit.provider.issue('1//'),
      expires_in: 3599,
      ...extra,
    },
  });

  it('by userinfo at either address, then by the mailbox', async () => {
    kit.provider.answer('POST /token', tokens({}));
    kit.provider.answer('GET /gmail/v1/users/me/profile', () => ({
      body: { emailAddress: 'box@acme.test' },
    }));
    expect((await connect(kit, url, 'google-oauth2', 'sub-1')).body['account']).toMatchObject({
      provider_id: 'box@acme.test',
      email: 'box@acme.test',
      email_verified: true,
    });
    const person = { sub: '42', email: 'new@acme.test', email_verified: false };
    kit.provider.answer('GET /v1/userinfo', () => ({ body: person }));
    expect((await connect(kit, url, 'google-oauth2', 'sub-2')).body['account']).toMatchObject({
      provider_id: '42',
      label: 'new@acme.test',
      email: null,
      email_verified: false,
    });
    kit.provider.answer('GET /oauth2/v3/userinfo', () => ({ body: { ...person, sub: '43' } }));
    expect((await connect(kit, url, 'google-oauth2', 'sub-3')).body['account']).toMatchObject({
      provider_id: '43',
    });
  });

  it('never by an ID token for another client', async () => {
    const idToken = new UnsecuredJWT({ email: 'ben@acme.test' })
      .setSubject('1')
      .setAudience('other')
      .encode();
    kit.provider.answer('POST /token', tokens({ id_token: idToken }));
    expect(await connect(kit, url, 'google-oauth2', 'sub-4')).toMatchObject({ status: 502 });
  });
});

describe('a session', () => {
  it('is used once, by its own subject, verifier and redirect, within ten minutes', async () => {
    const { body } = await kit.me(url, 'POST', 'connect', request());
    const session = body['auth_session'];
    const complete = async (overrides: Record<string, unknown>, sub = BEN) =>
      (await kit.me(url, 'POST', 'complete', completion(session, overrides), await kit.meToken(sub))).status;
    expect(await complete({ code_verifier: randomBytes(32).toString('base64url') })).toBe(400);
    expect(await complete({ redirect_uri: 'http://127.0.0.1:3000/else' })).toBe(400);
    expect(await complete({}, ADA)).toBe(400);
    expect(await complete({ auth_session: 'unknown' })).toBe(400);
    kit.moveClock(601_000);
    expect(await complete({})).toBe(400);
    kit.resetClock();
    expect(kit.provider.seen).toEqual([]);
    const both = await Promise.all([complete({}), complete({})]);
    expect(both.sort()).toEqual([201, 400]);
  });

  it('is used up by a code the provider refuses', async () => {
    kit.provider.answer('POST /token', () => ({ status: 400, body: { error: 'invalid_grant' } }));
    const { body } = await kit.me(url, 'POST', 'connect', request());
    const refused = await kit.me(url, 'POST', 'complete', completion(body['auth_session']));
    expect(refused).toMatchObject({
      status: 400,
      body: { type: 'urn:agentdesk:my-account:provider_refused' },
    });
    kit.provider.reset();
    expect((await kit.me(url, 'POST', 'complete', completion(body['auth_session']))).status).toBe(400);
  });
});

it('refuses bad requests by name of the field', async () => {
  const cases: [Record<string, unknown>, string][] = [
    [{ connection: 'dropbox' }, 'connection'],
    [{ redirect_uri: 'javascript:alert(1)' }, 'redirect_uri'],
    [{ code_challenge: 'short' }, 'code_challenge'],
    [{ code_challenge_method: 'plain' }, 'code_challenge_method'],
    [{ scopes: ['two words'] }, 'scopes.0'],
  ];
  for (const [overrides, field] of cases) {
    const answer = await kit.me(url, 'POST', 'connect', request(overrides));
    expect(answer).toMatchObject({
      status: 400,
      body: { detail: `The field ${field} is missing or wrong.` },
    });
  }
});

it('takes only a fresh token of the desk’s, once', async () => {
  const token = await kit.meToken(BEN);
  expect((await kit.me(url, 'GET', 'accounts', undefined, token)).status).toBe(200);
  const seconds = Math.floor(Date.now() / 1000);
  const { privateKey } = await kit.createKeys();
  for (const refused of [
    token,
    await kit.meToken(BEN, { iat: seconds - 90 }),
    await kit.meToken(BEN, { aud: 'https://authority.agentdesk.internal/' }),
    await kit.sign(privateKey, 'agentdesk-me+jwt', { iss: 'agentdesk', sub: BEN, aud: 'x' }),
    await kit.sign(kit.desk.privateKey, 'JWT', { iss: 'agentdesk', sub: BEN, aud: 'x' }),
    '',
  ]) {
    expect((await kit.me(url, 'GET', 'accounts', undefined, refused)).status).toBe(401);
  }
  expect((await kit.me(url, 'GET', 'elsewhere')).status).toBe(404);
});

describe('disconnecting', () => {
  it('needs an open disconnect lease of that account', async () => {
    const id = String((await connect(kit, url, 'google-oauth2')).body['id']);
    for (const lease of [
      '',
      randomUUID(),
      await openLease(kit, id),
      await openLease(kit, 'cac_other', { kind: 'disconnect' }),
      await openLease(kit, id, { kind: 'disconnect', subject: ADA }),
      await openLease(kit, id, { kind: 'disconnect', endedAt: new Date() }),
    ]) {
      expect((await disconnect(id, lease)).status).toBe(403);
    }
    expect(kit.provider.seen.filter(({ path }) => path === '/revoke')).toEqual([]);
    expect((await kit.me(url, 'GET', 'accounts')).body['accounts']).toHaveLength(1);
  });

  it('keeps the tokens while the provider cannot be told, and forgets them when told to give up', async () => {
    const id = String((await connect(kit, url, 'google-oauth2')).body['id']);
    kit.provider.answer('POST /revoke', () => ({ status: 503, body: {} }));
    const later = await disconnect(id, await openLease(kit, id, { kind: 'disconnect' }));
    expect(later).toMatchObject({ status: 503, body: { type: 'urn:agentdesk:my-account:provider_down' } });
    expect((await kit.me(url, 'GET', 'accounts')).body['accounts']).toHaveLength(1);
    const answer = await disconnect(id, `${await openLease(kit, id, { kind: 'disconnect' })}&give_up=true`);
    expect(answer).toMatchObject({ status: 200, body: { revoked: false } });
    expect((await kit.me(url, 'GET', 'accounts')).body).toEqual({ accounts: [] });
  });
});
