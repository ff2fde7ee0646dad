import { exportJWK, generateKeyPair, importJWK, SignJWT, type JWK, type JWTPayload } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CibaClient } from '../../src/approvals/ciba-client.ts';
import { signClick } from '../../src/approvals/click.ts';
import type { Approval } from '../../src/approvals/deps.ts';
import { prove } from '../../src/approvals/prove.ts';
import type { Signer } from '../../src/db/signing-keys.ts';
import { click, measureAttack } from '../support/attack.ts';
import { ask, clearOpen, codeOf, countAttacks, createMailModel } from '../support/attack-desk.ts';
import { startTestDesk, type TestDesk } from '../support/desk.ts';

describe('C1 C7 a proof is good for one approval', () => {
  let test: TestDesk;
  let authorityKey: JWK;

  beforeAll(async () => {
    test = await startTestDesk(createMailModel());
    for (const member of ['U0BEN', 'U0ADA']) await test.connect('google-oauth2', member);
    const [row] = await test.database.owner<
      { kid: string; private_sealed: string }[]
    >`select kid, private_sealed from authority.signing_keys`;
    authorityKey = JSON.parse(
      test.keyring.open('authority-signing-key', [row?.kid ?? ''], row?.private_sealed ?? ''),
    ) as JWK;
  });
  afterEach(() => clearOpen(test));
  afterAll(() => test.stop());

  const sign = async (claims: JWTPayload, key: JWK = authorityKey, typ = 'at+jwt'): Promise<string> =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ, kid: authorityKey.kid ?? '' })
      .sign(await importJWK(key, 'ES256'));

  const claimsFor = (approval: Approval): JWTPayload => {
    const now = Math.floor(Date.now() / 1000);
    return {
      iss: approval.issuer,
      aud: 'https://agentdesk/api',
      client_id: 'agentdesk',
      sub: approval.subject,
      iat: now,
      exp: now + 300,
      jti: crypto.randomUUID(),
      authorization_details: [
        { type: 'agentdesk_call', approval_digest: approval.digest.toString('base64url') },
      ],
    };
  };
  const proveWith = (approval: Approval, accessToken: string): Promise<string> => {
    const ciba: CibaClient = {
      ...test.desk.deps.approvals.ciba,
      poll: () => Promise.resolve({ status: 'approved', accessToken }),
    };
    return codeOf(prove({ ...test.desk.deps.approvals, ciba }, approval));
  };

  /** An approved mail, proved by what `forge` makes of the true claims, then run. */
  const attempt = (attack: string, forge: (claims: JWTPayload, approval: Approval) => Promise<string>) =>
    measureAttack(test, `proof: ${attack}`, 1, async () => {
      const { turn, approval } = await ask(test);
      const approved = await click(test, approval.id);
      const attacks = await countAttacks(test);
      expect(await proveWith(approved, await forge(claimsFor(approval), approval))).toBe('approval_invalid');
      expect(await countAttacks(test)).toBe(attacks + 1);
      const { calls } = await test.desk.agent.run(turn);
      expect(calls[0]?.status).toBe('cancelled');
    });

  it('takes a token that is right (so that the refusals below mean something)', async () => {
    const { turn, approval } = await ask(test);
    const approved = await click(test, approval.id);
    expect(await proveWith(approved, await sign(claimsFor(approval)))).toBe('done');
    const { calls } = await test.desk.agent.run(turn);
    expect(calls[0]?.status).toBe('done');
  });

  it.each<[string, (claims: JWTPayload) => JWTPayload]>([
    ['another subject', (claims) => ({ ...claims, sub: 'slack|T0TEST|U0ADA' })],
    ['another issuer', (claims) => ({ ...claims, iss: 'https://evil.example/' })],
    ['another audience', (claims) => ({ ...claims, aud: 'https://elsewhere/api' })],
    ['another client', (claims) => ({ ...claims, client_id: 'other' })],
    ['authorization_details missing', ({ authorization_details: _, ...claims }) => claims],
    ['authorization_details empty', (claims) => ({ ...claims, authorization_details: [] })],
    [
      'a second detail beside the right one',
      (claims) => ({
        ...claims,
        authorization_details: [...(claims['authorization_details'] as unknown[]), { type: 'x' }],
      }),
    ],
    [
      'another approval',
      (claims) => ({
        ...claims,
        authorization_details: [{ type: 'agentdesk_call', approval_digest: 'A'.repeat(43) }],
      }),
    ],
    ['no jti', ({ jti: _, ...claims }) => claims],
    ['an empty jti', (claims) => ({ ...claims, jti: '' })],
    ['expired', (claims) => ({ ...claims, exp: Math.floor(Date.now() / 1000) - 120 })],
    ['older than the approval', (claims) => ({ ...claims, iat: (claims.iat ?? 0) - 600 })],
  ])('refuses a token with %s', async (name, change) => {
    expect(await attempt(name, (claims) => sign(change(claims)))).toBe(0);
  });

  it('refuses a token by another key, of another kind, or without a signature', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const other = await exportJWK(privateKey);
    expect(await attempt('another key', (claims) => sign(claims, other))).toBe(0);
    expect(await attempt('an ID token', (claims) => sign(claims, authorityKey, 'JWT'))).toBe(0);
    const plain = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = (claims: JWTPayload) =>
      Promise.resolve(`${plain({ alg: 'none', typ: 'at+jwt' })}.${plain(claims)}.`);
    expect(await attempt('alg none', unsigned)).toBe(0);
  });

  it('refuses the true token of another approval, which stays good for its own', async () => {
    const effects = await measureAttack(test, 'proof: the token of approval A for B', 1, async () => {
      const a = await ask(test);
      const approvedA = await click(test, a.approval.id);
      const { ciba } = test.desk.deps.approvals;
      expect(await ciba.postClick(approvedA.click ?? '')).toBe('accepted');
      const answer = await ciba.poll(approvedA.authReqId ?? '');
      const token = answer.status === 'approved' ? answer.accessToken : '';
      expect(token).not.toBe('');
      const b = await ask(test);
      const approvedB = await click(test, b.approval.id);
      expect(await proveWith(approvedB, token)).toBe('approval_invalid');
      const after = await test.desk.agent.run(b.turn);
      expect(after.calls[0]?.status).toBe('cancelled');
      const { calls } = await test.desk.agent.run(a.turn);
      expect(calls[0]?.status).toBe('done');
    });
    expect(effects).toBe(1);
  });

  it('refuses a jti that proved another approval', async () => {
    const effects = await measureAttack(test, 'proof: a jti used before', 1, async () => {
      const a = await ask(test);
      const approvedA = await click(test, a.approval.id);
      const claims = claimsFor(a.approval);
      expect(await proveWith(approvedA, await sign(claims))).toBe('done');
      const b = await ask(test);
      const approvedB = await click(test, b.approval.id);
      const replayed = { ...claimsFor(b.approval), jti: claims.jti ?? '' };
      expect(await proveWith(approvedB, await sign(replayed))).toBe('approval_invalid');
      const { calls } = await test.desk.agent.run(b.turn);
      expect(calls[0]?.status).toBe('cancelled');
    });
    expect(effects).toBe(0);
  });

  const forgedDoor = async (): Promise<Signer> => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    return {
      ...test.desk.deps.approvals.door,
      sign: (typ, claims) =>
        new SignJWT(claims)
          .setProtectedHeader({ alg: 'ES256', typ, kid: test.desk.deps.approvals.door.kid })
          .sign(pair.privateKey),
    };
  };
  const byBen = { memberId: 'U0BEN', decision: 'approve', channel: 'D', ts: '1' } as const;

  it.each<[string, (approval: Approval, other: Approval) => Promise<string>]>([
    ['signed by another key', async (approval) => signClick(await forgedDoor(), approval, byBen)],
    ['for another approval', (_, other) => signClick(test.desk.deps.approvals.door, other, byBen)],
    [
      'of another decision',
      (approval) => signClick(test.desk.deps.approvals.door, approval, { ...byBen, decision: 'deny' }),
    ],
    [
      'by someone else',
      (approval) => signClick(test.desk.deps.approvals.door, approval, { ...byBen, memberId: 'U0ADA' }),
    ],
    ['that is no JWS', () => Promise.resolve('yes')],
  ])('refuses a click %s, also when every column says it was proved', async (name, forge) => {
    const effects = await measureAttack(test, `click ${name}`, 2, async () => {
      for (const proved of [false, true]) {
        const other = await ask(test, 'U0ADA');
        const { turn, approval } = await ask(test);
        const forged = await forge(approval, other.approval);
        const sql = test.database.owner;
        await sql`update agentdesk.approvals set status = 'approved', decided_at = now(), decided_by = 'U0BEN',
          execute_by = now() + interval '5 minutes', click = ${forged},
          proved_at = ${proved ? new Date() : null}, proof_jti = ${proved ? crypto.randomUUID() : null}
          where id = ${approval.id}`;
        await sql`update agentdesk.calls set status = 'approved', execute_by = now() + interval '5 minutes'
          where id = ${approval.callId}`;
        const { calls } = await test.desk.agent.run(turn);
        expect(calls[0]?.status).toBe('cancelled');
      }
    });
    expect(effects).toBe(0);
  });
});
