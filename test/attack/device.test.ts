import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { prove } from '../../src/approvals/prove.ts';
import { findAnyById } from '../../src/approvals/query.ts';
import { chooseDevice } from '../../src/approvals/strong/choose-device.ts';
import { claim } from '../../src/calls/claim.ts';
import { countEffects } from '../support/attack.ts';
import { clearOpen, countAttacks, type Asked } from '../support/attack-desk.ts';
import { WORKSPACE } from '../support/desk.ts';
import { startDeviceDesk, type DeviceDesk } from '../support/tenant/device.ts';
import { signToken } from '../support/tenant/world.ts';

let desk: DeviceDesk;

beforeAll(async () => {
  desk = await startDeviceDesk();
  await desk.letItCount();
});
beforeEach(() => desk.quiet());
afterEach(async () => {
  await clearOpen(desk);
  await desk.tick();
  desk.tenant.world.faults.clear();
});
afterAll(() => desk.stop());

const now = (): number => Math.floor(Date.now() / 1000);

/** What a true token for an approval says. */
function claimsOf({ approval }: Asked): Record<string, unknown> {
  return {
    sub: 'auth0|ben',
    aud: 'https://agentdesk/api',
    azp: desk.tenant.world.clientId,
    scope: 'openid',
    authorization_details: [
      { type: 'agentdesk_call', approval_digest: approval.digest.toString('base64url') },
    ],
  };
}

/** The tenant answers the poll with this token. @returns approval and attacks counted */
async function answerWith(token: string, asked: Asked): Promise<[string, number]> {
  await desk.tick();
  const attacks = await countAttacks(desk);
  const effects = countEffects(desk);
  const body = { access_token: token, token_type: 'Bearer', expires_in: 86_400, scope: 'openid' };
  desk.tenant.fail('/oauth/token', { status: 200, body });
  await desk.tick();
  await desk.desk.agent.run(asked.turn);
  const { approval } = await desk.status(asked);
  if (approval !== 'approved') expect(countEffects(desk)).toBe(effects);
  return [approval, (await countAttacks(desk)) - attacks];
}

const LIES: [string, (claims: Record<string, unknown>, asked: Asked) => Record<string, unknown>][] = [
  ['of another subject', (claims) => ({ ...claims, sub: 'auth0|ada' })],
  ['for another API', (claims) => ({ ...claims, aud: 'https://elsewhere' })],
  ['for another client', (claims) => ({ ...claims, azp: 'other' })],
  ['for two clients', (claims) => ({ ...claims, client_id: 'other' })],
  ['for no client', ({ azp, ...claims }) => (azp === undefined ? {} : claims)],
  ['of another issuer', (claims) => ({ ...claims, iss: 'https://evil.example/' })],
  ['older than the request', (claims) => ({ ...claims, iat: now() - 600 })],
  ['from the future', (claims) => ({ ...claims, iat: now() + 600 })],
  ['that is over', (claims) => ({ ...claims, exp: now() - 60 })],
  ['without details', ({ authorization_details: gone, ...claims }) => (gone === undefined ? {} : claims)],
  ['with empty details', (claims) => ({ ...claims, authorization_details: [] })],
  [
    'of another approval',
    (claims) => ({ ...claims, authorization_details: [{ type: 'agentdesk_call', approval_digest: 'AAAA' }] }),
  ],
  [
    'of another kind of approval',
    (claims, { approval }) => ({
      ...claims,
      authorization_details: [
        { type: 'agentdesk_policy', approval_digest: approval.digest.toString('base64url') },
      ],
    }),
  ],
  [
    'with details beside the true ones',
    (claims) => ({
      ...claims,
      authorization_details: [
        ...(claims['authorization_details'] as unknown[]),
        { type: 'agentdesk_call', approval_digest: 'AAAA' },
      ],
    }),
  ],
];

describe('a token of the tenant', () => {
  it.each(LIES)('%s confirms nothing, and is called an attack', async (_, lie) => {
    const asked = await desk.approve();
    const token = await signToken(desk.tenant.world, lie(claimsOf(asked), asked));
    expect(await answerWith(token, asked)).toEqual(['cancelled', 1]);
    expect((await desk.status(asked)).message).toContain('did not match what was asked');
  });

  it('by another key, without a signature, or of a shared secret is none', async () => {
    const { issuer, clientSecret } = desk.tenant.world;
    const { privateKey } = await generateKeyPair('RS256');
    const times = (claims: Record<string, unknown>) => ({
      iss: issuer,
      iat: now(),
      exp: now() + 60,
      ...claims,
    });
    const makers = [
      (claims: Record<string, unknown>) =>
        new SignJWT(times(claims)).setProtectedHeader({ alg: 'RS256', kid: 'key-1' }).sign(privateKey),
      (claims: Record<string, unknown>) => Promise.resolve(new UnsecuredJWT(times(claims)).encode()),
      (claims: Record<string, unknown>) =>
        new SignJWT(times(claims)).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(clientSecret)),
      () => Promise.resolve('opaque'),
    ];
    for (const make of makers) {
      await desk.quiet();
      const asked = await desk.approve();
      expect(await answerWith(await make(claimsOf(asked)), asked)).toEqual(['cancelled', 1]);
    }
  });

  it('with the jti of another one, or used for another approval, is none', async () => {
    const one = await desk.approve();
    const jti = 'one-jti';
    const first = await signToken(desk.tenant.world, { ...claimsOf(one), jti });
    expect(await answerWith(first, one)).toEqual(['approved', 0]);
    const two = await desk.approve();
    const second = await signToken(desk.tenant.world, { ...claimsOf(two), jti });
    expect(await answerWith(second, two)).toEqual(['cancelled', 1]);
    const three = await desk.approve();
    expect(await answerWith(first, three)).toEqual(['cancelled', 1]);
  });

  it('is known by its own digest where the tenant gives no jti', async () => {
    const asked = await desk.approve();
    const token = await signToken(desk.tenant.world, { ...claimsOf(asked), jti: undefined });
    expect(await answerWith(token, asked)).toEqual(['approved', 0]);
    expect((await desk.request(asked)).proofJti).toMatch(/^sha256:/);
  });
});

describe('the claim', () => {
  /** Ben's phone said yes; then someone at the database changes something, and the call is claimed. */
  async function tamper(change: (id: string) => Promise<unknown>): Promise<[string, number]> {
    await desk.quiet();
    const asked = await desk.approve();
    await desk.tick();
    desk.phone().status = 'approved';
    await desk.tick();
    await change(asked.approval.id);
    const [attacks, effects] = [await countAttacks(desk), countEffects(desk)];
    await desk.desk.agent.run(asked.turn);
    expect(countEffects(desk)).toBe(effects);
    return [(await desk.status(asked)).call, (await countAttacks(desk)) - attacks];
  }

  it('looks at the sealed proof, not at what rows say', async () => {
    const { owner } = desk.database;
    const earlier = await desk.approve();
    await desk.tick();
    desk.phone().status = 'approved';
    await desk.tick();
    await desk.desk.agent.run(earlier.turn);
    const changes: ((id: string) => Promise<unknown>)[] = [
      (id) => owner`delete from agentdesk.strong_requests where approval_id = ${id}`,
      (id) => owner`update agentdesk.strong_requests set status = 'waiting' where approval_id = ${id}`,
      (id) => owner`update agentdesk.strong_requests set status = 'passkey' where approval_id = ${id}`,
      (id) => owner`update agentdesk.strong_requests set proof_seal = null where approval_id = ${id}`,
      (id) => owner`update agentdesk.strong_requests set subject = 'auth0|ada' where approval_id = ${id}`,
      (id) =>
        owner`update agentdesk.strong_requests r set proof_seal = o.proof_seal from agentdesk.strong_requests o
          where r.approval_id = ${id} and o.approval_id = ${earlier.approval.id}`,
      (id) =>
        owner`update agentdesk.approvals set strong_at = strong_at - interval '1 minute' where id = ${id}`,
    ];
    for (const change of changes) expect(await tamper(change)).toEqual(['cancelled', 1]);
  });

  it('takes no approval that a row says was confirmed', async () => {
    const asked = await desk.approve();
    const approval = await findAnyById(desk.desk.database, asked.approval.id);
    if (approval !== null) await prove(desk.desk.deps.approvals, approval);
    await desk.database
      .owner`update agentdesk.approvals set strong_at = now() where id = ${asked.approval.id}`;
    await expect(claim(desk.desk.deps, asked.approval.callId)).rejects.toThrow('did not confirm it');
  });

  it('takes no identity that was put into the table', async () => {
    const { owner } = desk.database;
    const [mine] =
      await owner`select * from agentdesk.factors where member_id = 'U0BEN' and removed_at is null`;
    const owned = { workspaceId: WORKSPACE, memberId: 'U0BEN' };
    const choose = () =>
      desk.desk.database.transaction((tx) => chooseDevice(tx, desk.desk.deps.approvals, owned));
    await owner`update agentdesk.factors set counts_from = now() - interval '9 days' where id = ${mine?.['id']}`;
    expect(await choose()).toMatchObject({ code: 'device_missing' });
    await owner`update agentdesk.factors set counts_from = ${mine?.['counts_from']}, kind = 'passkey' where id = ${mine?.['id']}`;
    expect(await choose()).toMatchObject({ code: 'device_missing' });
    await owner`update agentdesk.factors set kind = 'tenant' where id = ${mine?.['id']}`;
    expect(await choose()).toMatchObject({ kind: 'tenant' });
    // Another subject in the member's link has no device here.
    await owner`update agentdesk.links set subject = 'auth0|thief' where member_id = 'U0BEN'`;
    expect(await choose()).toMatchObject({ code: 'device_missing' });
    await owner`update agentdesk.links set subject = 'auth0|ben' where member_id = 'U0BEN'`;
  });
});
