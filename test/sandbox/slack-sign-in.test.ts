import { createHash } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient, refusal, startSlack, type Started } from './slack-kit.ts';

let started: Started;
beforeEach(async () => {
  started = await startSlack();
});
afterEach(() => started.slack.stop());

const redirect_uri = 'http://localhost:3000/slack/callback';

function authorizeUrl(path: string, more: Record<string, string>): string {
  const { clientId } = started.slack.credentials;
  return `${started.origin}${path}?${new URLSearchParams({ client_id: clientId, redirect_uri, state: 's1', ...more })}`;
}

async function choose(url: string, form: Record<string, string>): Promise<URL> {
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
  return new URL(answer.headers.get('location') ?? 'http://nowhere.test');
}

describe('Sign in with Slack', () => {
  const verifier = 'v'.repeat(43);
  const query = {
    response_type: 'code',
    scope: 'openid email profile',
    nonce: 'n1',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };

  it('asks who the browser is and gives a verifiable id_token, once', async () => {
    const { origin, slack, client } = started;
    const discovery = (await (await fetch(`${origin}/.well-known/openid-configuration`)).json()) as {
      issuer: string;
      jwks_uri: string;
    };
    const url = authorizeUrl('/openid/connect/authorize', query);
    expect(await (await fetch(url)).text()).toContain('Continue as Ben Okri');
    expect(await (await fetch(`${url}&user=U0BEN`)).text()).not.toContain('Ada Byron');
    const back = await choose(url, { user: 'U0BEN' });
    expect(back.searchParams.get('state')).toBe('s1');
    const { clientId: client_id, clientSecret: client_secret } = slack.credentials;
    const code = back.searchParams.get('code') ?? '';
    const call = { client_id, client_secret, code, redirect_uri, code_verifier: verifier };
    const token = await createClient(origin, '').openid.connect.token({
      ...call,
      grant_type: 'authorization_code',
    });
    const keys = createRemoteJWKSet(new URL(discovery.jwks_uri));
    const { payload } = await jwtVerify(token.id_token ?? '', keys, {
      issuer: discovery.issuer,
      audience: client_id,
    });
    expect(payload).toMatchObject({
      sub: 'U0BEN',
      nonce: 'n1',
      email: 'ben@acme.test',
      email_verified: true,
      'https://slack.com/user_id': 'U0BEN',
      'https://slack.com/team_id': 'T0SANDBOX',
    });
    expect(await refusal(client.apiCall('openid.connect.token', call))).toBe('invalid_code');
  });

  it('refuses foreign redirects, foreign forms, wrong secrets and wrong verifiers', async () => {
    const { origin, slack, client } = started;
    const evil = authorizeUrl('/openid/connect/authorize', { ...query, redirect_uri: 'https://evil.test/' });
    expect((await fetch(evil)).status).toBe(400);
    const url = authorizeUrl('/openid/connect/authorize', query);
    const foreign = await fetch(url, {
      method: 'POST',
      headers: { origin: 'https://evil.test' },
      redirect: 'manual',
    });
    expect(foreign.status).toBe(403);
    expect((await choose(url, { answer: 'cancel' })).searchParams.get('error')).toBe('access_denied');
    const { clientId: client_id, clientSecret } = slack.credentials;
    const code = async () => (await choose(url, { user: 'U0ADA' })).searchParams.get('code') ?? '';
    const bad = { client_id, client_secret: 'x', code: await code(), redirect_uri, code_verifier: verifier };
    expect(await refusal(client.apiCall('openid.connect.token', bad))).toBe('bad_client_secret');
    const basic = `Basic ${Buffer.from(`${client_id}:${clientSecret}`).toString('base64')}`;
    const wrong = new URLSearchParams({ code: await code(), redirect_uri, code_verifier: 'wrong' });
    const answer = await fetch(`${origin}/api/openid.connect.token`, {
      method: 'POST',
      headers: { authorization: basic },
      body: wrong,
    });
    expect(await answer.json()).toMatchObject({ ok: false, error: 'invalid_code_verifier' });
  });
});

it('installs into a second workspace by OAuth', async () => {
  const { origin, slack, client } = started;
  const url = authorizeUrl('/oauth/v2/authorize', { scope: 'chat:write' });
  const code = (await choose(url, { user: 'U0ADA', team: 'T0SECOND' })).searchParams.get('code') ?? '';
  const { clientId: client_id, clientSecret: client_secret } = slack.credentials;
  const access = await client.oauth.v2.access({ client_id, client_secret, code, redirect_uri });
  expect(access).toMatchObject({ team: { id: 'T0SECOND' }, enterprise: null, is_enterprise_install: false });
  const second = createClient(origin, access.access_token ?? '');
  expect(await second.auth.test()).toMatchObject({ team_id: 'T0SECOND' });
  expect(await refusal(second.chat.postMessage({ channel: 'D0ADA', text: 'x' }))).toBe(
    'team_access_not_granted',
  );
});

it('stops working once uninstalled', async () => {
  started.world.uninstall();
  expect(await refusal(started.client.auth.test())).toBe('token_revoked');
});
