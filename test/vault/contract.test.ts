import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { disconnectAccount } from '../../src/vault/accounts/disconnect.ts';
import { listAccounts } from '../../src/vault/accounts/list.ts';
import { freshId } from '../support/attack-desk.ts';
import { startTestDesk, WORKSPACE, type TestDesk } from '../support/desk.ts';
import { act, allowAll, ask } from '../support/tenant/call.ts';
import { startTenantDesk } from '../support/tenant/desk.ts';

interface Vaulted {
  readonly test: TestDesk;
  /** Connects Ben's Google account the way this vault does it. */
  connect(): Promise<unknown>;
  stop(): Promise<void>;
}

async function startEmbedded(): Promise<Vaulted> {
  const idle = { label: 'none', invoke: () => Promise.reject(new Error('no model here')) };
  const test = await startTestDesk(idle);
  return { test, connect: () => test.connect('google-oauth2', 'U0BEN'), stop: () => test.stop() };
}

async function startAtTenant(): Promise<Vaulted> {
  const test = await startTenantDesk();
  await test.link('U0BEN', 'ben@acme.test');
  return {
    test,
    connect: () => test.connectAt('U0BEN', 'google-oauth2', 'ben@acme.test'),
    stop: () => test.stop(),
  };
}

/** One code path: what holds of one vault holds of the other. */
describe.each([
  ['the embedded authority', startEmbedded],
  ['an Auth0 tenant', startAtTenant],
])('the vault of %s', (_, start) => {
  let vaulted: Vaulted;
  let test: TestDesk;
  beforeAll(async () => {
    vaulted = await start();
    test = vaulted.test;
    allowAll(test);
  }, 60_000);
  afterAll(() => vaulted.stop());

  const mail = () => ({ to: ['priya@acme.test'], subject: freshId(), text: 'Hello.' });
  const mine = () => listAccounts(test.desk.database, WORKSPACE, 'U0BEN');
  const send = async () => {
    const args = mail();
    const call = await act(test, 'U0BEN', 'gmail.messages.send', args);
    const boxes = test.google.world.mailboxes().filter(({ email }) => email === 'ben@acme.test');
    const sent = boxes.flatMap((box) => box.messages).filter(({ subject }) => subject === args.subject);
    return { call, sent: sent.length };
  };

  it('asks to connect, connects, and names the account', async () => {
    const { asked } = await ask(test, 'U0BEN', 'gmail.messages.send', mail());
    expect(asked).toMatchObject({
      kind: 'connect',
      request: { kind: 'account', connection: 'google-oauth2' },
    });
    await vaulted.connect();
    expect(await mine()).toMatchObject([{ label: 'ben@acme.test', providerId: '110000000000000000002' }]);
  });

  it('exchanges for a call, and records it under the lease', async () => {
    expect(await send()).toMatchObject({ call: { status: 'done' }, sent: 1 });
    const [row] = await test.database.owner<{ outcome: string; lease: string }[]>`
      select outcome, detail ->> 'lease' as lease from agentdesk.audit_events
      where type = 'token.exchanged' order by id desc limit 1`;
    expect(row).toMatchObject({
      outcome: 'granted',
      lease: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
  });

  it('connecting again leaves one account', async () => {
    await vaulted.connect();
    expect(await mine()).toHaveLength(1);
    expect(await send()).toMatchObject({ call: { status: 'done' }, sent: 1 });
  });

  it('disconnects at the provider, and the next call asks to connect', async () => {
    const [account] = await mine();
    if (account === undefined) throw new Error('no account');
    expect(await disconnectAccount(test.desk.deps.vault, account, 'member:U0BEN')).toBe('revoked');
    expect(await mine()).toEqual([]);
    const { asked } = await ask(test, 'U0BEN', 'gmail.messages.send', mail());
    expect(asked.kind).toBe('connect');
  });
});
