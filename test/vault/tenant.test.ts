import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { perform } from '../../src/calls/perform.ts';
import { reconcileDue } from '../../src/calls/reconcile.ts';
import { findTurn } from '../../src/calls/turns.ts';
import { disconnectAccount } from '../../src/vault/accounts/disconnect.ts';
import { findAccount, listAccounts } from '../../src/vault/accounts/list.ts';
import { WORKSPACE } from '../support/desk.ts';
import { freshId } from '../support/attack-desk.ts';
import { act, ask } from '../support/tenant/call.ts';
import { startTenantDesk, type TenantDesk } from '../support/tenant/desk.ts';

const TOKEN = '/oauth/token';
const MAIL = 'gmail.messages.send';
const mail = () => ({ to: ['priya@acme.test'], subject: freshId(), text: 'Hello.' });
const oauth = (status: number, error: string, headers = {}) => ({
  status,
  headers,
  body: { error, error_description: 'no' },
});

describe('a tenant as the vault', () => {
  let desk: TenantDesk;
  beforeAll(async () => {
    desk = await startTenantDesk({ signIn: true });
    await desk.known('U0BEN');
    desk.allowAll();
  }, 60_000);
  beforeEach(() => {
    desk.tenant.world.faults.clear();
  });
  afterAll(() => desk.stop());

  const sent = (subject: string): number =>
    desk.google.world
      .mailboxes()
      .flatMap((box) => box.messages)
      .filter((one) => one.subject === subject && one.labels.includes('SENT')).length;
  const account = async () => {
    const found = await findAccount(desk.desk.database, WORKSPACE, 'U0BEN', 'google-oauth2');
    if (found === null) throw new Error('no account');
    return found;
  };

  it('leads a member who is not linked to a link, one for the whole turn, and then to the account', async () => {
    const first = await ask(desk, 'U0BEN', MAIL, mail());
    expect(first.asked).toMatchObject({ kind: 'connect', request: { kind: 'link', scopes: [] } });
    await desk.link('U0BEN', 'ben@acme.test');
    const second = await ask(desk, 'U0BEN', MAIL, mail());
    expect(second.asked).toMatchObject({
      kind: 'connect',
      request: { connection: 'google-oauth2', kind: 'account' },
    });
  });

  it('connects an account and learns from the provider whose it is', async () => {
    const page = await desk.connectAt('U0BEN', 'google-oauth2', 'ben@acme.test');
    expect(page.text).toContain('Connected ben@acme.test');
    expect(await account()).toMatchObject({ label: 'ben@acme.test', providerId: '110000000000000000002' });
    expect(await listAccounts(desk.desk.database, WORKSPACE, 'U0BEN')).toHaveLength(1);
    expect(desk.tenant.world.violations).toEqual([]);
  });

  it('exchanges the refresh token for each call anew and does it', async () => {
    const before = desk.tenant.world.requests.length;
    const args = mail();
    expect((await act(desk, 'U0BEN', MAIL, args)).status).toBe('done');
    expect(sent(args.subject)).toBe(1);
    const asked = desk.tenant.world.requests.slice(before);
    expect(asked.every((one) => one.endsWith('federated-connection-access-token'))).toBe(true);
    const tokens = desk.tenant.world.accounts.map(({ accessToken }) => accessToken);
    const rows = await desk.database.owner`select * from agentdesk.audit_events`;
    for (const token of [...tokens, ...desk.tenant.world.refreshTokens.keys()])
      expect(JSON.stringify(rows) + desk.log.join('')).not.toContain(token);
  });

  it.each([
    ['not connected', oauth(401, 'federated_connection_refresh_token_not_found'), 'account_missing'],
    ['an older word for it', oauth(401, 'tokenset_not_found'), 'account_missing'],
    ['a refresh token that is no good', oauth(401, 'invalid_grant'), 'link_renew'],
    ['a wrong secret', oauth(401, 'invalid_client'), 'vault_misconfigured'],
    ['a grant the client lacks', oauth(403, 'unauthorized_client'), 'vault_misconfigured'],
    ['a client that may not exchange', oauth(403, 'access_denied'), 'vault_misconfigured'],
    ['a policy that wants MFA always', oauth(403, 'mfa_required'), 'vault_misconfigured'],
    ['a word nobody knows', oauth(400, 'something_new'), 'vault_misconfigured'],
  ])('tells apart: %s', async (_, fault, code) => {
    const args = mail();
    desk.tenant.fail(TOKEN, fault);
    const call = await act(desk, 'U0BEN', MAIL, args).catch((error: unknown) => error);
    expect(call).toMatchObject(call instanceof Error ? { code } : { status: 'failed', errorCode: code });
    expect(sent(args.subject)).toBe(0);
    expect((await desk.audit('token.exchanged')).at(-1)).toMatchObject({ outcome: code });
    expect((await account()).status).toBe('connected');
  });

  it('gets over two outages in a row by itself, and says so after the third', async () => {
    const args = mail();
    desk.tenant.fail(TOKEN, { status: 502, body: 'Bad gateway' }, { status: 503 });
    expect((await act(desk, 'U0BEN', MAIL, args)).status).toBe('done');
    const other = mail();
    desk.tenant.fail(TOKEN, { status: 500 }, { status: 500 }, { status: 500 });
    const call = await act(desk, 'U0BEN', MAIL, other).catch((error: unknown) => error);
    expect(call).toMatchObject(
      call instanceof Error ? { code: 'vault_unreachable' } : { errorCode: 'vault_unreachable' },
    );
    expect(sent(other.subject)).toBe(0);
  });

  it('waits as long as a limit says, inside the time a call has', async () => {
    const args = mail();
    desk.tenant.fail(TOKEN, oauth(429, 'too_many_requests', { 'retry-after': '7' }));
    const call = await act(desk, 'U0BEN', MAIL, args);
    expect(call).toMatchObject({ status: 'executing', errorCode: 'provider_rate_limited' });
    expect(call.errorMessage).toContain('7 seconds');
    expect(sent(args.subject)).toBe(0);
    // The seven seconds pass; whoever looks next lets it go on.
    await desk.database
      .owner`update agentdesk.calls set reconcile_at = clock_timestamp() where id = ${call.id}`;
    await reconcileDue(desk.desk.deps);
    const turn = await findTurn(desk.desk.deps, call.turnId);
    if (turn === null) throw new Error('no turn');
    expect((await perform(desk.desk.deps, turn, call.id)).status).toBe('done');
    expect(sent(args.subject)).toBe(1);
  });

  it('asks for a permission that the answer lacks, and for it alone is not trusted again', async () => {
    const scope = (await account()).scopes.filter((one) => !one.endsWith('gmail.compose')).join(' ');
    desk.tenant.fail(TOKEN, {
      status: 200,
      body: { access_token: 'narrow', scope, expires_in: 3599, token_type: 'Bearer' },
    });
    const failed = await act(desk, 'U0BEN', MAIL, mail()).catch((error: unknown) => error);
    expect(failed).toMatchObject(
      failed instanceof Error ? { code: 'account_scope_missing' } : { errorCode: 'account_scope_missing' },
    );
    const { asked } = await ask(desk, 'U0BEN', MAIL, mail());
    expect(asked).toMatchObject({ kind: 'connect', request: { kind: 'account' } });
    expect((await desk.connectAt('U0BEN', 'google-oauth2', 'ben@acme.test')).text).toContain('Connected');
    expect(await listAccounts(desk.desk.database, WORKSPACE, 'U0BEN')).toHaveLength(1);
    expect((await act(desk, 'U0BEN', MAIL, mail())).status).toBe('done');
  });

  it('sends no scopes for GitHub, whose permissions are the app’s', async () => {
    const { asked } = await ask(desk, 'U0BEN', 'github.issues.get', {
      repository: 'acme/website',
      number: 1,
    });
    expect(asked).toMatchObject({ kind: 'connect', request: { connection: 'github', scopes: [] } });
    const page = await desk.connectAt('U0BEN', 'github', 'ben-acme');
    expect(page.text).toContain('Connected ben-acme');
    const call = await act(desk, 'U0BEN', 'github.issues.get', { repository: 'acme/website', number: 1 });
    expect(call.status).toBe('done');
    const exchanged = (await desk.audit('token.exchanged')).at(-1);
    expect(exchanged).toMatchObject({ outcome: 'granted' });
    expect(desk.tenant.world.violations).toEqual([]);
  });

  it('notices that the provider refused, and asks to connect anew', async () => {
    const { refreshToken } =
      desk.tenant.world.accounts.find((one) => one.connection === 'google-oauth2') ?? {};
    const url = `${desk.vault.resolveHost('oauth2.googleapis.com')}/revoke`;
    await fetch(url, { method: 'POST', body: new URLSearchParams({ token: refreshToken ?? '' }) });
    const call = await act(desk, 'U0BEN', MAIL, mail()).catch((error: unknown) => error);
    expect(call).toMatchObject(
      call instanceof Error ? { code: 'account_reconnect' } : { errorCode: 'account_reconnect' },
    );
    await expect(account()).rejects.toThrow('no account');
    await desk.connectAt('U0BEN', 'google-oauth2', 'ben@acme.test');
  });

  it('disconnects: at the provider first, then at the tenant', async () => {
    const token = desk.tenant.world.accounts.find((one) => one.connection === 'google-oauth2')?.accessToken;
    expect(await disconnectAccount(desk.vault, await account(), 'member:U0BEN')).toBe('revoked');
    expect(desk.tenant.world.accounts.map(({ connection }) => connection)).toEqual(['github']);
    const userinfo = `${desk.vault.resolveHost('www.googleapis.com')}/oauth2/v3/userinfo`;
    expect((await fetch(userinfo, { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
    const github = await findAccount(desk.desk.database, WORKSPACE, 'U0BEN', 'github');
    if (github === null) throw new Error('no account');
    expect(await disconnectAccount(desk.vault, github, 'member:U0BEN')).toBe('not_revoked');
    expect(desk.tenant.world.accounts).toEqual([]);
  });

  it('says that the sign-in is over when the tenant has forgotten it', async () => {
    desk.tenant.world.refreshTokens.clear();
    const page = await desk.connectAt('U0BEN', 'google-oauth2', 'ben@acme.test');
    expect(page.text).toContain('/agentdesk link');
    await desk.link('U0BEN', 'ben@acme.test');
    expect((await desk.connectAt('U0BEN', 'google-oauth2', 'ben@acme.test')).text).toContain('Connected');
  });
});
