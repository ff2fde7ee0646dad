import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAuthority, type Authority } from '../../src/authority/authority.ts';
import { createKeyring } from '../../src/db/seal.ts';
import { createGoogleStandIn, type GoogleStandIn } from '../../src/sandbox/google/stand-in.ts';
import { createLog } from '../../src/telemetry.ts';
import { createKit, ISSUER, refusalOf, type Kit } from './kit.ts';
import { exchange, openLease, READ_MAIL, REDIRECT } from './vault-kit.ts';

let kit: Kit;
let google: GoogleStandIn;
let googleUrl: string;
let authority: Authority;
let url: string;

beforeAll(async () => {
  kit = await createKit();
  google = createGoogleStandIn({ state: { load: () => null, save: () => undefined }, now: () => new Date() });
  googleUrl = (await google.start()).origin;
  authority = createAuthority({
    issuer: ISSUER,
    database: kit.database.authority,
    keyring: createKeyring([randomBytes(32)]),
    trustedKeys: { desk: [kit.desk.publicJwk], door: [kit.door.publicJwk] },
    providers: { google: { apiUrl: googleUrl, ...google.credentials }, github: null },
    now: () => new Date(),
    log: createLog('silent'),
  });
  ({ url } = await authority.start());
});

afterAll(async () => {
  await authority.stop();
  await google.stop();
  await kit.stop();
});

it('connects through the consent page, narrows the scopes, and loses access when it is revoked', async () => {
  const verifier = randomBytes(32).toString('base64url');
  const compose = 'https://www.googleapis.com/auth/gmail.compose';
  const begun = await kit.me(url, 'POST', 'connect', {
    connection: 'google-oauth2',
    redirect_uri: REDIRECT,
    state: 'the-state',
    scopes: [READ_MAIL, compose],
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const consent = await fetch(String(begun.body['connect_uri']), {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ decision: 'allow', account: 'ben@acme.test' }),
  });
  const landed = new URL(consent.headers.get('location') ?? '');
  expect(landed.href.startsWith(REDIRECT)).toBe(true);
  expect(landed.searchParams.get('state')).toBe('the-state');
  const done = await kit.me(url, 'POST', 'complete', {
    auth_session: begun.body['auth_session'],
    connect_code: landed.searchParams.get('code'),
    redirect_uri: REDIRECT,
    code_verifier: verifier,
  });
  expect(done).toMatchObject({ status: 201, body: { account: { email: 'ben@acme.test' } } });
  expect(done.body['scopes']).toEqual(expect.arrayContaining([READ_MAIL, compose]));

  const id = String(done.body['id']);
  const client = kit.connectClient(url);
  const lease = await openLease(kit, id);
  const { accessToken, scope } = await exchange(kit, client, lease, id);
  expect(scope).toBe(READ_MAIL);
  const bearer = { headers: { authorization: `Bearer ${accessToken}` } };
  const profile = await fetch(`${googleUrl}/gmail/v1/users/me/profile`, bearer);
  expect(await profile.json()).toMatchObject({ emailAddress: 'ben@acme.test' });
  const drafts = await fetch(`${googleUrl}/gmail/v1/users/me/drafts`, {
    ...bearer,
    method: 'POST',
    headers: { ...bearer.headers, 'content-type': 'application/json' },
    body: JSON.stringify({ message: { raw: Buffer.from('To: a@b.c\r\n\r\nx').toString('base64url') } }),
  });
  expect(drafts.status).toBe(403);

  await fetch(`${googleUrl}/revoke`, { method: 'POST', body: new URLSearchParams({ token: accessToken }) });
  expect(await refusalOf(exchange(kit, client, lease, id))).toMatchObject({
    error: 'federated_connection_refresh_token_flow_failed',
    status: 401,
  });
});
