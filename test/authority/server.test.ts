import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { removeExpired } from '../../src/authority/housekeeping.ts';
import { loadSigningKeys } from '../../src/authority/keys.ts';
import { createKeyring } from '../../src/db/seal.ts';
import { createKit, randomDigest, refusalOf, type Kit } from './kit.ts';
import { connect, exchange, openLease } from './vault-kit.ts';

let kit: Kit;
let url: string;

beforeAll(async () => {
  kit = await createKit();
  ({ url } = await kit.start());
});

afterAll(() => kit.stop());

function statusFor(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const path = '/.well-known/openid-configuration';
    request(`${url}${path}`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

it('listens on loopback and answers to no other name', async () => {
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  for (const host of ['127.0.0.1', 'localhost:8080', '[::1]:1']) expect(await statusFor(host)).toBe(200);
  for (const host of ['evil.example', 'authority.agentdesk.internal', '127.0.0.1.evil.example']) {
    expect(await statusFor(host)).toBe(421);
  }
});

it('has no browser flows and no other routes', async () => {
  for (const path of ['/', '/auth', '/authorize', '/session/end', '/token', '/request', '/reg']) {
    expect((await fetch(`${url}${path}`)).status).toBe(404);
  }
  expect((await fetch(`${url}/bc-authorize`)).status).toBe(404);
});

it('refuses a body of more than 64 kB, however it is sent', async () => {
  const body = `{"click":"${'x'.repeat(70_000)}"}`;
  expect((await fetch(`${url}/clicks`, { method: 'POST', body })).status).toBe(413);
  const stream = new Blob([body]).stream();
  const streamed = { method: 'POST', body: stream, duplex: 'half' } as RequestInit;
  expect((await fetch(`${url}/clicks`, streamed)).status).toBe(413);
  expect((await fetch(url, { method: 'POST', body: 'x' })).status).toBe(404);
});

it('makes one signing key for all processes, and keeps its private part sealed', async () => {
  const keyring = createKeyring([Buffer.alloc(32, 7)]);
  await kit.database.owner`delete from authority.signing_keys`;
  const from = { database: kit.database.authority, keyring };
  const loads = await Promise.all([loadSigningKeys(from), loadSigningKeys(from), loadSigningKeys(from)]);
  expect(new Set(loads.map(([key]) => key?.kid)).size).toBe(1);
  const secret = loads[0][0]?.d ?? '';
  expect(secret).toMatch(/.{40,}/);
  const rows = await kit.database.owner`select * from authority.signing_keys`;
  expect(rows).toHaveLength(1);
  expect(JSON.stringify(rows)).not.toContain(secret);
});

it('removes what has expired and keeps what is a record', async () => {
  const client = kit.connectClient(url);
  const digest = randomDigest();
  const { authReqId } = await kit.ask(client, digest);
  await refusalOf(client.backchannelAuthenticationGrant({ authReqId }));
  await kit.sendClick(url, await kit.click({ auth_req_id: authReqId, approval_digest: digest }));
  const count = async () => {
    const [row] = await kit.database.owner`select
      (select count(*)::int from authority.oidc_records) as records,
      (select count(*)::int from authority.clicks) as clicks`;
    return row;
  };
  const before = await count();
  const at = (hours: number) => ({
    database: kit.database.authority,
    now: () => new Date(Date.now() + hours * 3600_000),
  });
  await removeExpired(at(0));
  expect(await count()).toEqual(before);
  await removeExpired(at(100));
  expect(await count()).toEqual({ records: 0, clicks: 1 });
});

it('leaves no token, code or secret in a log line or in the database', async () => {
  const client = kit.connectClient(url);
  const google = String((await connect(kit, url, 'google-oauth2')).body['id']);
  const github = String((await connect(kit, url, 'github')).body['id']);
  await exchange(kit, client, await openLease(kit, google), google);
  const lease = await openLease(kit, github, { connection: 'github' });
  await exchange(kit, client, lease, github, { connection: 'github' });
  kit.provider.answer('POST /token', () => ({ status: 400, body: { error: 'invalid_grant' } }));
  await refusalOf(exchange(kit, client, await openLease(kit, google), google));

  const tables = await kit.database.owner`select table_name as name from information_schema.tables
    where table_schema = 'authority'`;
  let text = kit.lines.join('');
  for (const { name } of tables) {
    text += JSON.stringify(await kit.database.owner`select * from authority.${kit.database.owner(name)}`);
  }
  expect(kit.lines.length).toBeGreaterThan(5);
  expect(text).toContain(google);
  expect(kit.provider.issued.length).toBeGreaterThan(3);
  for (const secret of [...kit.provider.issued, 'google-secret', 'github-secret', 'the-code']) {
    expect(text.includes(secret)).toBe(false);
  }
});
