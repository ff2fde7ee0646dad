import type { AuthClient } from '@auth0/auth0-auth-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADA, BEN, createKit, ISSUER, randomDigest, refusalOf, type Kit } from './kit.ts';

let kit: Kit;
let url: string;
let client: AuthClient;

beforeAll(async () => {
  kit = await createKit();
  ({ url } = await kit.start());
  client = kit.connectClient(url);
});

afterAll(() => kit.stop());

describe('a click is refused', () => {
  const seconds = (): number => Math.floor(kit.now().getTime() / 1000);
  const cases: Record<string, () => Record<string, unknown>> = {
    'for another digest': () => ({ approval_digest: randomDigest() }),
    'of another subject': () => ({ sub: ADA }),
    'for another request': () => ({ auth_req_id: 'nothing' }),
    'for another authority': () => ({ aud: 'https://else.where/' }),
    'of another issuer': () => ({ iss: 'someone' }),
    'that is over a day old': () => ({ iat: seconds() - 90_000 }),
    'from the future': () => ({ iat: seconds() + 120 }),
    'without a decision': () => ({ decision: 'maybe' }),
    'without a team': () => ({ team: undefined }),
  };
  it.each(Object.keys(cases))('%s', async (name) => {
    const digest = randomDigest();
    const { authReqId } = await kit.ask(client, digest);
    const click = await kit.click({ auth_req_id: authReqId, approval_digest: digest, ...cases[name]?.() });
    expect(await kit.sendClick(url, click)).toMatchObject({ status: 400, body: { error: 'invalid_click' } });
    const { error } = await refusalOf(client.backchannelAuthenticationGrant({ authReqId }));
    expect(error).toBe('authorization_pending');
  });

  it('when it was changed, or signed by the desk, or for another purpose', async () => {
    const digest = randomDigest();
    const { authReqId } = await kit.ask(client, digest);
    const claims = { auth_req_id: authReqId, approval_digest: digest };
    const [header, , signature] = (await kit.click({ ...claims, decision: 'deny' })).split('.');
    const body = (await kit.click(claims)).split('.')[1];
    const wrongTyp = await kit.sign(kit.door.privateKey, 'JWT', {
      ...claims,
      iss: 'agentdesk-door',
      aud: ISSUER,
    });
    for (const click of [
      `${header}.${body}.${signature}`,
      await kit.click(claims, kit.desk.privateKey),
      wrongTyp,
      'no.jws',
    ]) {
      expect(await kit.sendClick(url, click)).toMatchObject({
        status: 400,
        body: { error: 'invalid_click' },
      });
    }
    expect((await fetch(`${url}/clicks`, { method: 'POST', body: '[' })).status).toBe(400);
  });
});

describe('a request for approval is refused', () => {
  const entry = (digest: string) => ({ type: 'agentdesk_call', approval_digest: digest });
  const send = (overrides: {
    details?: { readonly type: string; readonly [key: string]: unknown }[];
    message?: string;
    expiry?: number;
    audience?: string;
    sub?: string;
  }) =>
    client.initiateBackchannelAuthentication({
      bindingMessage: overrides.message ?? 'Create issue',
      loginHint: { sub: overrides.sub ?? BEN },
      requestedExpiry: overrides.expiry ?? 60,
      authorizationDetails: overrides.details ?? [entry(randomDigest())],
      ...(overrides.audience === undefined ? {} : { authorizationParams: { audience: overrides.audience } }),
    });

  it('without exactly one digest', async () => {
    for (const details of [
      [],
      [entry('short')],
      [entry(randomDigest()), entry(randomDigest())],
      [{ type: 'agentdesk_else', approval_digest: randomDigest() }],
      [{ type: 'payment' }],
      [{ ...entry(randomDigest()), target: 'nul\0' }],
      [{ ...entry(randomDigest()), target: 'half \ud800' }],
    ]) {
      expect(await refusalOf(send({ details }))).toMatchObject({ error: 'invalid_request', status: 400 });
    }
  });

  it('with an unusable message, expiry, audience or subject', async () => {
    for (const message of ['a'.repeat(65), 'two  spaces', 'new\nline', ' x', 'emoji ☺']) {
      expect((await refusalOf(send({ message }))).error).toBe('invalid_binding_message');
    }
    expect((await refusalOf(send({ expiry: 86_401 }))).error).toBe('invalid_request');
    expect((await refusalOf(send({ audience: 'https://else/api' }))).error).toBe('invalid_target');
    expect((await refusalOf(send({ sub: 'nul\0' }))).error).toBe('unknown_user_id');
    expect((await send({ audience: 'https://agentdesk/api' })).authReqId).toBeTruthy();
    expect((await send({ audience: '' })).authReqId).toBeTruthy();
  });

  it('of a client that is not the desk', async () => {
    const { privateKey } = await kit.createKeys();
    const stranger = kit.connectClient(url, privateKey);
    expect(await refusalOf(kit.ask(stranger, randomDigest()))).toMatchObject({
      error: 'invalid_client',
      status: 401,
    });
  });

  it('with a client assertion that was used, even when both come at once', async () => {
    const assertion = await kit.sign(kit.desk.privateKey, 'JWT', {
      iss: 'agentdesk',
      sub: 'agentdesk',
      aud: ISSUER,
      exp: Math.floor(Date.now() / 1000) + 60,
    });
    // JSON, as @auth0/ai sends it.
    const send = async () => {
      const response = await fetch(`${url}/bc-authorize`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          client_assertion: assertion,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          scope: 'openid',
          binding_message: 'Create issue',
          login_hint: JSON.stringify({ format: 'iss_sub', iss: ISSUER, sub: BEN }),
          authorization_details: [entry(randomDigest())],
        }),
      });
      return response.status;
    };
    const statuses = await Promise.all([send(), send(), send()]);
    expect(statuses.sort()).toEqual([200, 401, 401]);
  });
});
