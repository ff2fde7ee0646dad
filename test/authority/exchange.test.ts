import { randomUUID } from 'node:crypto';
import type { AuthClient } from '@auth0/auth0-auth-js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADA, BEN, createKit, refusalOf, type Kit } from './kit.ts';
import { connect, exchange, openLease, READ_MAIL, subjectToken } from './vault-kit.ts';

let kit: Kit;
let url: string;
let client: AuthClient;
let account: string;

beforeAll(async () => {
  kit = await createKit();
  ({ url } = await kit.start());
  client = kit.connectClient(url);
  account = String((await connect(kit, url, 'google-oauth2')).body['id']);
});

beforeEach(() => {
  kit.provider.reset();
});

afterAll(() => kit.stop());

const records = (lease: string) =>
  kit.database.owner`select outcome from authority.exchanges where lease_id = ${lease} order by id`.then(
    (rows) => rows.map((row) => String(row['outcome'])),
  );

it('gives a fresh provider token for an open lease, asking for the scopes of the lease alone', async () => {
  const lease = await openLease(kit, account);
  const answer = await exchange(kit, client, lease, account, { scope: READ_MAIL });
  expect(answer).toMatchObject({
    scope: READ_MAIL,
    tokenType: 'bearer',
    issuedTokenType: 'http://auth0.com/oauth/token-type/federated-connection-access-token',
  });
  expect(kit.provider.issued).toContain(answer.accessToken);
  expect(answer.expiresAt).toBeGreaterThan(Date.now() / 1000 + 3000);
  expect(kit.provider.seen).toHaveLength(1);
  const form = Object.fromEntries(kit.provider.seen[0]?.form ?? []);
  expect(form).toMatchObject({ grant_type: 'refresh_token', scope: READ_MAIL, client_id: 'google-id' });
  expect(await records(lease)).toEqual(['granted']);
});

it('gives a second one and no third, at two processes at once', async () => {
  const other = kit.connectClient((await kit.start()).url);
  const lease = await openLease(kit, account);
  const tries = await Promise.allSettled(
    Array.from({ length: 6 }, (_, index) => exchange(kit, index % 2 ? client : other, lease, account)),
  );
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  expect(kit.provider.seen).toHaveLength(2);
  expect(await refusalOf(exchange(kit, client, lease, account))).toMatchObject({
    error: 'access_denied',
    status: 403,
  });
  expect((await records(lease)).filter((outcome) => outcome === 'lease_used_up')).toHaveLength(5);
});

describe('refuses, asking the provider nothing', () => {
  const denied = { error: 'access_denied', status: 403 };
  const past = () => new Date(Date.now() - 1000);

  it('without a lease, or with one that is over', async () => {
    expect(await refusalOf(exchange(kit, client, randomUUID(), account))).toMatchObject(denied);
    for (const lease of [
      await openLease(kit, account, { endedAt: past() }),
      await openLease(kit, account, { expiresAt: past() }),
    ]) {
      expect(await refusalOf(exchange(kit, client, lease, account))).toMatchObject(denied);
      expect(await records(lease)).toEqual(['lease_not_open']);
    }
    expect(kit.provider.seen).toEqual([]);
  });

  it('with a lease for something else', async () => {
    const others = [
      await openLease(kit, account, { subject: ADA }),
      await openLease(kit, 'cac_other'),
      await openLease(kit, account, { connection: 'github' }),
      await openLease(kit, account, { issuer: 'https://tenant.example/' }),
      await openLease(kit, account, { kind: 'disconnect' }),
      // A perform lease needs its call executing under it, which this one has not.
      await openLease(kit, account, { kind: 'perform', attemptId: randomUUID() }),
    ];
    for (const lease of others) {
      expect(await refusalOf(exchange(kit, client, lease, account))).toMatchObject(denied);
    }
    const lease = await openLease(kit, account);
    const more = { scope: `${READ_MAIL} https://www.googleapis.com/auth/gmail.compose` };
    expect(await refusalOf(exchange(kit, client, lease, account, more))).toMatchObject(denied);
    expect(await records(lease)).toEqual(['scope_not_leased']);
    expect(await refusalOf(exchange(kit, client, lease, account, { claims: { sub: ADA } }))).toMatchObject(
      denied,
    );
    expect(kit.provider.seen).toEqual([]);
  });

  it('a request that was used, is old, or is not the desk’s own', async () => {
    const lease = await openLease(kit, account);
    const token = await subjectToken(kit, lease);
    await exchange(kit, client, lease, account, { token });
    kit.provider.reset();
    const seconds = Math.floor(Date.now() / 1000);
    const { privateKey } = await kit.createKeys();
    const claims = { iss: 'agentdesk', sub: BEN, aud: 'x', audit_context: lease };
    for (const refused of [
      token,
      await subjectToken(kit, lease, { iat: seconds - 90 }),
      await subjectToken(kit, lease, { iat: seconds + 90 }),
      await subjectToken(kit, lease, { aud: 'https://else.where/' }),
      await subjectToken(kit, lease, { iss: 'someone' }),
      await subjectToken(kit, lease, { audit_context: 'no lease' }),
      await subjectToken(kit, lease, { jti: undefined }),
      await kit.sign(privateKey, 'token-vault-req+jwt', claims),
      await kit.sign(kit.door.privateKey, 'token-vault-req+jwt', claims),
      await kit.meToken(BEN),
      'no token',
    ]) {
      const refusal = await refusalOf(exchange(kit, client, lease, account, { token: refused }));
      expect(refusal).toMatchObject({ error: 'invalid_grant', status: 401 });
    }
    expect(kit.provider.seen).toEqual([]);
  });

  it('a client that is not the desk, though it holds a request of the desk’s', async () => {
    const lease = await openLease(kit, account);
    const stranger = kit.connectClient(url, (await kit.createKeys()).privateKey);
    expect(await refusalOf(exchange(kit, stranger, lease, account))).toMatchObject({
      error: 'invalid_client',
      status: 401,
    });
    expect(await records(lease)).toEqual([]);
  });

  it('an account that the vault does not have', async () => {
    const lease = await openLease(kit, 'cac_gone');
    expect(await refusalOf(exchange(kit, client, lease, 'cac_gone'))).toMatchObject({
      error: 'federated_connection_refresh_token_not_found',
      status: 401,
    });
    const adas = String((await connect(kit, url, 'google-oauth2', ADA)).body['id']);
    expect(await refusalOf(exchange(kit, client, await openLease(kit, adas), adas))).toMatchObject({
      error: 'federated_connection_refresh_token_not_found',
    });
  });
});

it('tells a provider’s refusal from its failure, and lets the lease be tried again', async () => {
  const lease = await openLease(kit, account);
  const cases = [
    [
      { status: 400, body: { error: 'invalid_grant' } },
      'federated_connection_refresh_token_flow_failed',
      401,
    ],
    [{ status: 429, headers: { 'retry-after': '17' }, body: {} }, 'too_many_requests', 429],
    [{ status: 503, body: {} }, 'temporarily_unavailable', 503],
    [{ status: 401, body: { error: 'invalid_client' } }, 'temporarily_unavailable', 502],
    [{ status: 200, body: { hello: 1 } }, 'temporarily_unavailable', 502],
    [{ status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'temporarily_unavailable', 503],
  ] as const;
  for (const [reply, error, status] of cases) {
    kit.provider.answer('POST /token', () => reply);
    expect(await refusalOf(exchange(kit, client, lease, account))).toMatchObject({
      // The SDK reads no body of a 5xx: its status has to do.
      error: status < 500 ? error : '',
      status,
      retryAfter: status === 429 ? '17' : null,
    });
  }
  kit.provider.reset();
  expect((await exchange(kit, client, lease, account)).accessToken).toBeTruthy();
  expect(await records(lease)).toEqual([...cases.map(() => 'failed'), 'granted']);
});

it('takes JSON too, as @auth0/ai sends it, and names Auth0’s fields', async () => {
  const lease = await openLease(kit, account);
  const assertion = await kit.sign(kit.desk.privateKey, 'JWT', {
    iss: 'agentdesk',
    sub: 'agentdesk',
    aud: 'https://authority.agentdesk.internal/',
    exp: Math.floor(Date.now() / 1000) + 60,
  });
  const response = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({
      grant_type: 'urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token',
      client_assertion: assertion,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      subject_token: await subjectToken(kit, lease),
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      requested_token_type: 'http://auth0.com/oauth/token-type/federated-connection-access-token',
      connection: 'google-oauth2',
      login_hint: account,
    }),
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(Object.keys((await response.json()) as object).sort()).toEqual([
    'access_token',
    'expires_in',
    'issued_token_type',
    'scope',
    'token_type',
  ]);
});

describe('GitHub', () => {
  const github = { connection: 'github' as const };
  const lease = (id: string) => openLease(kit, id, { connection: 'github', scopes: ['repo'] });

  it('hands out the long-lived token of an OAuth app', async () => {
    const id = String((await connect(kit, url, 'github')).body['id']);
    kit.provider.reset();
    const answer = await exchange(kit, client, await lease(id), id, github);
    expect(answer).toMatchObject({ scope: 'repo user:email' });
    expect(answer.accessToken).toMatch(/^gho_/);
    expect(kit.provider.seen).toEqual([]);
  });

  it('refreshes a GitHub App’s token once for all who ask, and keeps the new refresh token', async () => {
    const used: (string | null)[] = [];
    kit.provider.answer('POST /login/oauth/access_token', ({ form }) => {
      const refresh = form.get('refresh_token');
      if (refresh !== null && used.includes(refresh)) return { body: { error: 'bad_refresh_token' } };
      used.push(refresh);
      const tokens = { access_token: kit.provider.issue('ghu_'), refresh_token: kit.provider.issue('ghr_') };
      return { body: { ...tokens, expires_in: 28_800, scope: '', token_type: 'bearer' } };
    });
    const id = String((await connect(kit, url, 'github')).body['id']);
    const first = await exchange(kit, client, await lease(id), id, github);
    const other = kit.connectClient((await kit.start()).url);

    kit.moveClock(28_780_000);
    const open = await Promise.all(
      [client, other, client].map(
        async (by) =>
          [
            by,
            await openLease(kit, id, { connection: 'github', expiresAt: new Date(Date.now() + 1e9) }),
          ] as const,
      ),
    );
    const again = await Promise.all(open.map(([by, leaseId]) => exchange(kit, by, leaseId, id, github)));
    expect(new Set(again.map(({ accessToken }) => accessToken)).size).toBe(1);
    expect(again[0]?.accessToken).not.toBe(first.accessToken);
    expect(used).toHaveLength(2);
    kit.resetClock();
  });
});
