import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AuthClient } from '@auth0/auth0-auth-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOfflineModel } from '../../src/agent/offline-model.ts';
import { DeskError } from '../../src/errors.ts';
import { findAccount } from '../../src/vault/accounts/list.ts';
import { findSubject } from '../../src/vault/accounts/members.ts';
import { authorize } from '../../src/calls/authorize.ts';
import { claim } from '../../src/calls/claim.ts';
import { findTurn } from '../../src/calls/turns.ts';
import type { Account, VaultDeps } from '../../src/vault/deps.ts';
import { openLease, type Lease, type LeaseRequest } from '../../src/vault/leases.ts';
import { freshId } from '../support/attack-desk.ts';
import { startTestDesk, WORKSPACE, type TestDesk } from '../support/desk.ts';
import { countExchanges, reportAttack } from '../support/attack.ts';

const PROFILE = 'https://gmail.googleapis.com/gmail/v1/users/me/profile';
const RULE = { method: 'GET', host: 'gmail.googleapis.com', path: '/gmail/v1/users/me/profile', max: 2 };
const SCOPES = ['https://www.googleapis.com/auth/gmail.readonly'];

const BEN = { workspaceId: WORKSPACE, memberId: 'U0BEN', subject: `slack|${WORKSPACE}|U0BEN` };

describe('a lease is good for what it was opened for', () => {
  let test: TestDesk;
  let account: Account;
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    if (request.url?.includes('redirect') === true) {
      response.writeHead(302, { location: 'http://127.0.0.1:1/elsewhere' }).end();
    } else if (request.url?.includes('silent') === true) {
      // No answer: who asked has to give up.
    } else response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });

  beforeAll(async () => {
    test = await startTestDesk(createOfflineModel(() => new Date()));
    await test.connect('google-oauth2', 'U0BEN');
    const found = await findAccount(test.desk.database, WORKSPACE, 'U0BEN', 'google-oauth2');
    if (found === null) throw new Error('no account');
    account = found;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    server.close();
    await test.stop();
  });

  const open = async (
    change: Partial<LeaseRequest> = {},
    elsewhere = false,
    given?: VaultDeps,
  ): Promise<Lease> => {
    const subject = await findSubject(
      test.desk.database.db,
      WORKSPACE,
      'U0BEN',
      test.desk.deps.vault.vault.issuer,
    );
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const vault =
      given ?? (elsewhere ? { ...test.desk.deps.vault, resolveHost: () => origin } : test.desk.deps.vault);
    return openLease(vault, {
      kind: 'inspect',
      account,
      issuer: subject?.issuer ?? '',
      subject: subject?.subject ?? '',
      action: 'gmail.messages.list',
      scopes: SCOPES,
      rules: [RULE],
      call: null,
      turnId: null,
      traceId: null,
      seconds: 60,
      ...change,
    });
  };
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'sent',
      (error: unknown) => (error instanceof DeskError ? error.code : `unexpected ${String(error)}`),
    );

  it.each<[string, string, RequestInit]>([
    ['another host', 'https://evil.example/gmail/v1/users/me/profile', {}],
    ['a host that only begins so', 'https://gmail.googleapis.com.evil.example/gmail/v1/users/me/profile', {}],
    ['plain http', 'http://gmail.googleapis.com/gmail/v1/users/me/profile', {}],
    ['another port', 'https://gmail.googleapis.com:8443/gmail/v1/users/me/profile', {}],
    ['credentials in the URL', 'https://gmail.googleapis.com@evil.example/gmail/v1/users/me/profile', {}],
    ['another path', 'https://gmail.googleapis.com/gmail/v1/users/me/messages', {}],
    ['a path that climbs', 'https://gmail.googleapis.com/gmail/v1/users/me/x/../../other/profile', {}],
    ['an encoded slash', 'https://gmail.googleapis.com/gmail/v1/users/me%2fprofile', {}],
    ['another method', PROFILE, { method: 'POST', body: '{}' }],
    ['DELETE', PROFILE, { method: 'DELETE' }],
  ])('refuses %s', async (name, url, init) => {
    const lease = await open();
    const before = await countExchanges(test);
    expect(await codeOf(lease.http(url, init))).toBe('lease_refused');
    expect(await countExchanges(test)).toBe(before);
    await lease.end();
    reportAttack({ attack: `lease: ${name}`, tries: 1, exchanges: 0, effects: 0, cards: 0 });
  });

  it('refuses more requests than declared, and any after its end; each refusal is audited', async () => {
    const lease = await open();
    expect(await codeOf(lease.http(PROFILE))).toBe('sent');
    expect(await codeOf(lease.http(PROFILE))).toBe('sent');
    expect(await codeOf(lease.http(PROFILE))).toBe('lease_refused');
    await lease.end();
    expect(await codeOf(lease.http(PROFILE))).toBe('lease_refused');
    const rows = await test.database
      .owner`select 1 from agentdesk.audit_events where type = 'lease.refused' and detail->>'lease' = ${lease.id}`;
    expect(rows).toHaveLength(2);
  });

  it('sends neither the caller’s credential nor a method override, and follows no redirect', async () => {
    const lease = await open({ rules: [RULE, { ...RULE, path: '/redirect' }] }, true);
    const headers = {
      authorization: 'Bearer stolen',
      cookie: 'a=b',
      'x-http-method-override': 'DELETE',
      host: 'evil.example',
    };
    expect(await codeOf(lease.http(PROFILE, { headers }))).toBe('sent');
    const request = seen.at(-1);
    expect(request?.headers.authorization).toMatch(/^Bearer (?!stolen)/);
    expect(request?.headers).not.toHaveProperty('cookie');
    expect(request?.headers).not.toHaveProperty('x-http-method-override');
    expect(await codeOf(lease.http('https://gmail.googleapis.com/redirect'))).toBe('lease_refused');
    await lease.end();
  });

  it('C2 cannot be opened for writing under the name of reading', async () => {
    expect(await codeOf(open({ rules: [{ ...RULE, method: 'POST' }] }))).toBe('lease_refused');
  });

  it('gets no token for a perform lease without a claimed call', async () => {
    const call = { id: crypto.randomUUID(), code: 'AAAAAAAA', attemptId: crypto.randomUUID() };
    const lease = await open({ kind: 'perform', call });
    expect(await codeOf(lease.http(PROFILE))).toBe('lease_refused');
  });

  it('gets no token once the account is disconnected', async () => {
    const lease = await open();
    await test.database.owner`update agentdesk.accounts set status = 'disconnected' where id = ${account.id}`;
    expect(await codeOf(lease.http(PROFILE))).toBe('lease_refused');
    await test.database.owner`update agentdesk.accounts set status = 'connected' where id = ${account.id}`;
  });

  /** A vault whose token is under way while something else happens. */
  const whileExchanging = (meanwhile: () => Promise<unknown>): VaultDeps => {
    const { vault } = test.desk.deps.vault;
    const client = Object.create(vault.client, {
      exchangeToken: {
        value: async (...given: Parameters<AuthClient['exchangeToken']>) => {
          const answer = await vault.client.exchangeToken(...given);
          await meanwhile();
          return answer;
        },
      },
    }) as AuthClient;
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { ...test.desk.deps.vault, vault: { ...vault, client }, resolveHost: () => origin };
  };
  const sql = (): TestDesk['database']['owner'] => test.database.owner;

  it.each<[string, (lease: Lease) => Promise<unknown>]>([
    ['ended in this process', (lease) => lease.end()],
    [
      'ended by another process',
      (lease) => sql()`update agentdesk.leases set ended_at = now() where id = ${lease.id}`,
    ],
    [
      'run out',
      (lease) =>
        sql()`update agentdesk.leases set expires_at = now() - interval '1 second' where id = ${lease.id}`,
    ],
    [
      'opened for an account that is disconnected now',
      () => sql()`update agentdesk.accounts set status = 'disconnected' where id = ${account.id}`,
    ],
  ])('C2 sends nothing with a token that comes when the lease has been %s', async (name, act) => {
    const sent = seen.length;
    const vault: VaultDeps = whileExchanging(() => act(lease));
    const lease: Lease = await open({}, false, vault);
    expect(await codeOf(lease.http(PROFILE))).toBe('lease_refused');
    expect(seen.length).toBe(sent);
    await lease.end();
    await sql()`update agentdesk.accounts set status = 'connected' where id = ${account.id}`;
    reportAttack({
      attack: `lease: ${name} during the exchange`,
      tries: 1,
      exchanges: 1,
      effects: 0,
      cards: 0,
    });
  });

  /** A call that may run, claimed; its attempt has sent nothing yet. */
  const claimCall = async () => {
    const turn = await findTurn(test.desk.deps, await test.say('U0BEN', 'plan it'));
    if (turn === null) throw new Error('no turn');
    const args = { title: 'Focus', start: '2027-03-01T09:00', end: '2027-03-01T10:00' };
    const tool = { id: freshId(), name: 'calendar_events_insert', args, unusable: null };
    const authorized = await authorize(test.desk.deps, turn, [], tool);
    const claimed = authorized.kind === 'call' ? await claim(test.desk.deps, authorized.call.id) : null;
    if (claimed === null) throw new Error('not claimed');
    return claimed.call;
  };

  it('C2 sends nothing for an attempt that was settled while its token was under way', async () => {
    const call = await claimCall();
    const vault = whileExchanging(
      () => sql()`update agentdesk.calls set status = 'failed', settled_at = now() where id = ${call.id}`,
    );
    const sent = seen.length;
    const lease = await open({ kind: 'perform', call }, false, vault);
    expect(await codeOf(lease.http(PROFILE))).toBe('lease_refused');
    expect(seen.length).toBe(sent);
  });

  it('waits for no answer longer than it lives', async () => {
    const lease = await open({ rules: [{ ...RULE, path: '/silent' }], seconds: 1 }, true);
    await expect(lease.http('https://gmail.googleapis.com/silent')).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });

  it('C3 a write that is answered with a redirect may have been carried out', async () => {
    const rule = { ...RULE, method: 'POST', path: '/redirect' };
    const lease = await open({ kind: 'perform', call: await claimCall(), rules: [rule] }, true);
    const sent = lease.http('https://gmail.googleapis.com/redirect', { method: 'POST', body: '{}' });
    await expect(sent).rejects.toMatchObject({
      code: 'provider_unavailable',
      effectPossible: true,
      status: 302,
    });
    await lease.end();
  });

  it('gets no token at the authority for a lease that has ended, whoever asks', async () => {
    const lease = await open();
    await lease.end();
    const { vault } = test.desk.deps.vault;
    const subject = await vault.subjectToken(BEN, lease.id);
    const asked = vault.client.exchangeToken({
      connection: 'google-oauth2',
      subjectToken: subject.token,
      subjectTokenType: subject.type as 'urn:ietf:params:oauth:token-type:access_token',
      loginHint: account.vaultId,
      scope: SCOPES[0] ?? '',
    });
    await expect(asked).rejects.toMatchObject({ cause: { error: 'access_denied' } });
  });

  it('gives no third token for one lease', async () => {
    const lease = await open();
    const { vault } = test.desk.deps.vault;
    const results: string[] = [];
    for (let index = 0; index < 3; index += 1) {
      const subject = await vault.subjectToken(BEN, lease.id);
      results.push(
        await vault.client
          .exchangeToken({
            connection: 'google-oauth2',
            subjectToken: subject.token,
            subjectTokenType: subject.type as 'urn:ietf:params:oauth:token-type:access_token',
            loginHint: account.vaultId,
            scope: SCOPES[0] ?? '',
          })
          .then(
            () => 'granted',
            () => 'refused',
          ),
      );
    }
    expect(results).toEqual(['granted', 'granted', 'refused']);
    await lease.end();
  });
});
