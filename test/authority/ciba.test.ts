import type { AuthClient } from '@auth0/auth0-auth-js';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ADA, BEN, createKit, ISSUER, randomDigest, refusalOf, type Kit } from './kit.ts';

let kit: Kit;
let url: string;
let client: AuthClient;

beforeAll(async () => {
  kit = await createKit();
  ({ url } = await kit.start());
  client = kit.connectClient(url);
});

beforeEach(() => kit.resetClock());

afterAll(() => kit.stop());

const poll = (authReqId: string, by = client) => by.backchannelAuthenticationGrant({ authReqId });

async function decide(
  authReqId: string,
  digest: string,
  decision: 'approve' | 'deny',
  claims: Record<string, unknown> = {},
) {
  const click = await kit.click({ auth_req_id: authReqId, approval_digest: digest, decision, ...claims });
  return kit.sendClick(url, click);
}

it('publishes only addresses below the issuer', async () => {
  const discovery = (await (await fetch(`${url}/.well-known/openid-configuration`)).json()) as Record<
    string,
    unknown
  >;
  const urls = Object.values(discovery).filter((value) => String(value).startsWith('http'));
  expect(urls.length).toBeGreaterThan(3);
  for (const found of urls) expect(String(found).startsWith(ISSUER)).toBe(true);
  expect(discovery).toMatchObject({
    issuer: ISSUER,
    backchannel_authentication_endpoint: `${ISSUER}bc-authorize`,
    token_endpoint: `${ISSUER}oauth/token`,
    jwks_uri: `${ISSUER}.well-known/jwks.json`,
  });
});

it('gives one signed proof after the click, with the details in it', async () => {
  const digest = randomDigest();
  const request = await kit.ask(client, digest);
  expect(request).toMatchObject({ expiresIn: 300, interval: 5 });
  expect(await refusalOf(poll(request.authReqId))).toMatchObject({
    error: 'authorization_pending',
    status: 400,
  });
  expect(await decide(request.authReqId, digest, 'approve')).toEqual({ status: 204, body: null });

  const answer = await poll(request.authReqId);
  const keys = createRemoteJWKSet(new URL(`${url}/.well-known/jwks.json`));
  const { payload } = await jwtVerify(answer.accessToken, keys, {
    issuer: ISSUER,
    audience: 'https://agentdesk/api',
    typ: 'at+jwt',
    algorithms: ['ES256'],
  });
  const details = [
    { type: 'agentdesk_call', approval_digest: digest, code: '7K3M9QXZ', account: 'a', target: 't' },
  ];
  expect(payload).toMatchObject({ sub: BEN, client_id: 'agentdesk', authorization_details: details });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
  expect(payload.jti).toMatch(/.{20,}/);
  expect(decodeProtectedHeader(answer.accessToken).kid).toBeTypeOf('string');
  expect(answer).toMatchObject({ tokenType: 'bearer', authorizationDetails: details });
  expect(answer.claims).toMatchObject({ sub: BEN, iss: ISSUER, aud: 'agentdesk' });
  expect(answer.refreshToken).toBeUndefined();

  expect(await refusalOf(poll(request.authReqId))).toMatchObject({ error: 'invalid_grant', status: 400 });
});

it('tells a denial as such', async () => {
  const digest = randomDigest();
  const { authReqId } = await kit.ask(client, digest);
  expect((await decide(authReqId, digest, 'deny')).status).toBe(204);
  expect(await refusalOf(poll(authReqId))).toMatchObject({ error: 'access_denied', status: 400 });
});

it('keeps the first decision, whoever asks whom', async () => {
  const digest = randomDigest();
  const { authReqId } = await kit.ask(client, digest);
  expect((await decide(authReqId, digest, 'deny')).status).toBe(204);
  expect((await decide(authReqId, digest, 'deny')).status).toBe(204);
  const second = await decide(authReqId, digest, 'approve');
  expect(second).toEqual({ status: 409, body: { error: 'already_decided', decision: 'deny' } });
});

it('lets one of two opposite clicks at once win, at two processes', async () => {
  const other = await kit.start();
  for (let round = 0; round < 5; round += 1) {
    const digest = randomDigest();
    const { authReqId } = await kit.ask(client, digest);
    const [approve, deny] = [
      await kit.click({ auth_req_id: authReqId, approval_digest: digest }),
      await kit.click({ auth_req_id: authReqId, approval_digest: digest, decision: 'deny' }),
    ];
    const answers = await Promise.all([kit.sendClick(url, approve), kit.sendClick(other.url, deny)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
    const approved = answers[0].status === 204;
    if (approved) expect((await poll(authReqId)).accessToken).toBeTruthy();
    else expect((await refusalOf(poll(authReqId))).error).toBe('access_denied');
  }
});

it('issues once, however many poll at once at two processes', async () => {
  const other = kit.connectClient((await kit.start()).url);
  const digest = randomDigest();
  const { authReqId } = await kit.ask(client, digest);
  await decide(authReqId, digest, 'approve');
  const polls = await Promise.allSettled(
    Array.from({ length: 8 }, (_, index) => poll(authReqId, index % 2 ? client : other)),
  );
  expect(polls.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

it('slows a hasty poller down, across processes', async () => {
  const other = kit.connectClient((await kit.start()).url);
  const { authReqId } = await kit.ask(client, randomDigest());
  expect((await refusalOf(poll(authReqId))).error).toBe('authorization_pending');
  expect(await refusalOf(poll(authReqId, other))).toMatchObject({
    error: 'slow_down',
    status: 400,
    retryAfter: '10',
  });
  expect(await refusalOf(poll(authReqId))).toMatchObject({ error: 'slow_down', retryAfter: '15' });
  kit.moveClock(16_000);
  expect((await refusalOf(poll(authReqId, other))).error).toBe('authorization_pending');
  kit.moveClock(14_000);
  expect((await refusalOf(poll(authReqId))).error).toBe('slow_down');
});

async function waitForExpiry(authReqId: string): Promise<string> {
  for (;;) {
    const { error } = await refusalOf(poll(authReqId));
    if (!['authorization_pending', 'slow_down'].includes(error)) return error;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

it('expires, and takes no click that came after', async () => {
  const digest = randomDigest();
  const { authReqId, expiresIn } = await kit.ask(client, digest, BEN, 1);
  expect(expiresIn).toBe(1);
  expect(await waitForExpiry(authReqId)).toBe('expired_token');
  kit.moveClock(3000);
  const late = await decide(authReqId, digest, 'approve');
  expect(late).toMatchObject({ status: 400, body: { error: 'invalid_click' } });
  expect(await waitForExpiry(authReqId)).toBe('expired_token');
});

it('takes a click made in time though it arrives late, for when the desk asks again', async () => {
  const digest = randomDigest();
  const { authReqId } = await kit.ask(client, digest, BEN, 1);
  const click = { iat: Math.floor(Date.now() / 1000) };
  expect(await waitForExpiry(authReqId)).toBe('expired_token');
  expect((await decide(authReqId, digest, 'approve', click)).status).toBe(204);
  expect(await waitForExpiry(authReqId)).toBe('expired_token');
  const again = await kit.ask(client, digest);
  expect((await poll(again.authReqId)).accessToken).toBeTruthy();
});

it('decides a request at once whose approval was decided before, for the same subject only', async () => {
  const [approved, denied] = [randomDigest(), randomDigest()];
  for (const [digest, decision] of [
    [approved, 'approve'],
    [denied, 'deny'],
  ] as const) {
    const { authReqId } = await kit.ask(client, digest);
    expect((await decide(authReqId, digest, decision)).status).toBe(204);
  }
  expect((await poll((await kit.ask(client, approved)).authReqId)).accessToken).toBeTruthy();
  expect((await refusalOf(poll((await kit.ask(client, denied)).authReqId))).error).toBe('access_denied');
  const stranger = await kit.ask(client, approved, ADA);
  expect((await refusalOf(poll(stranger.authReqId))).error).toBe('authorization_pending');
});

it('decides all open requests for an approval with one click', async () => {
  const digest = randomDigest();
  const [first, second] = [await kit.ask(client, digest), await kit.ask(client, digest)];
  await decide(first.authReqId, digest, 'approve');
  expect((await poll(first.authReqId)).accessToken).toBeTruthy();
  expect((await poll(second.authReqId)).accessToken).toBeTruthy();
});

it('goes on after a restart between request, click and poll', async () => {
  const digest = randomDigest();
  const before = await kit.start();
  const { authReqId } = await kit.ask(kit.connectClient(before.url), digest);
  await before.stop();
  const between = await kit.start();
  const click = await kit.click({ auth_req_id: authReqId, approval_digest: digest });
  expect((await kit.sendClick(between.url, click)).status).toBe(204);
  await between.stop();
  const after = await kit.start();
  expect((await poll(authReqId, kit.connectClient(after.url))).accessToken).toBeTruthy();
});

it('makes up for a death between storing the click and telling the request', async () => {
  const digest = randomDigest();
  const { authReqId } = await kit.ask(client, digest);
  const click = await kit.click({ auth_req_id: authReqId, approval_digest: digest });
  await kit.database.owner`insert into authority.clicks (approval_digest, auth_req_id, decision, click)
    values (${digest}, ${authReqId}, 'approve', ${click})`;
  expect((await refusalOf(poll(authReqId))).error).toBe('authorization_pending');
  expect((await poll(authReqId)).accessToken).toBeTruthy();
});
