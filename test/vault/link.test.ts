import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { vouchForLink } from '../../src/vault/accounts/link/confirm.ts';
import { discardTokens } from '../../src/vault/accounts/link/discard.ts';
import { findSubject } from '../../src/vault/accounts/members.ts';
import { WORKSPACE } from '../support/desk.ts';
import { startTenantDesk, type TenantDesk } from '../support/tenant/desk.ts';

let desk: TenantDesk;
const BEN = { account: 'ben@acme.test' };
const subjectOf = (memberId = 'U0BEN') =>
  findSubject(desk.desk.database.db, WORKSPACE, memberId, desk.tenant.world.issuer);

beforeEach(async () => {
  const { owner } = desk.database;
  await owner`delete from agentdesk.links`;
  await owner`delete from agentdesk.connect_requests`;
  await owner`delete from agentdesk.approvals`;
  desk.news.length = 0;
  desk.tenant.world.faults.clear();
  desk.tenant.world.refreshTokens.clear();
  desk.tenant.world.idTokenClaims = {};
});

describe('linking a member to an identity of the tenant, proved by Sign in with Slack', () => {
  beforeAll(async () => {
    desk = await startTenantDesk({ signIn: true });
    for (const memberId of ['U0ADA', 'U0BEN']) await desk.known(memberId);
  });
  afterAll(() => desk.stop());

  it('links only when both identities were confirmed, keeps the token sealed, and tells everybody', async () => {
    const { url } = await desk.askLink();
    const ben = desk.browser();
    const page = await ben.press(url, BEN);
    expect(page.text).toContain('Ben Okri');
    expect(page.text).toContain('U0BEN');
    expect(page.text).toContain('auth0|ben');
    expect(await subjectOf()).toBeNull();
    expect((await ben.send(page.form)).text).toContain('You are linked');
    expect(await subjectOf()).toEqual({ issuer: desk.tenant.world.issuer, subject: 'auth0|ben' });
    const [made] = await desk.audit('link.made');
    expect(made?.detail).toMatchObject({ subject: 'auth0|ben', moved: false, proved_by: 'slack' });
    expect(desk.news.map(({ memberId, text }) => `${memberId} ${text}`).join('\n')).toContain(
      'U0BEN You are linked to Ben Okri (ben@acme.test)',
    );
    expect(desk.news.map(({ adminText }) => adminText).join('\n')).toContain(
      '<@U0BEN> was linked to Ben Okri',
    );
    const [token = ''] = desk.tenant.world.refreshTokens.keys();
    const rows = await desk.database.owner`select * from agentdesk.links`;
    const requests = await desk.database.owner`select * from agentdesk.connect_requests`;
    expect(JSON.stringify([rows, requests]) + desk.log.join('')).not.toContain(token);
    expect(desk.tenant.world.violations).toEqual([]);
  });

  it('refuses a link that was forwarded, before the tenant is asked', async () => {
    const { url, request } = await desk.askLink();
    const page = await desk
      .browser()
      .press(url, { account: 'ada@acme.test', slack: { 'https://slack.com/user_id': 'U0ADA' } });
    expect(page.status).toBe(403);
    expect(desk.tenant.world.codes.size).toBe(0);
    const refused = (await desk.audit('link.refused')).find(({ detail }) => detail['request'] === request.id);
    expect(refused).toMatchObject({ outcome: 'connect_identity', memberId: 'U0BEN' });
  });

  it('refuses a sign-in that another browser brings back, and ends the link', async () => {
    const { url, request } = await desk.askLink();
    const ben = desk.browser();
    const toSlack = await ben.begin(url);
    const mallory = desk.browser();
    const page = await mallory.follow(toSlack, BEN);
    expect(page.status).toBe(403);
    const refused = (await desk.audit('link.refused')).find(({ detail }) => detail['request'] === request.id);
    expect(refused).toMatchObject({ outcome: 'connect_elsewhere', why: 'another browser' });
    expect((await ben.look(url)).status).toBe(410);
  });

  it('refuses the state of another link', async () => {
    const [mine, hers] = [await desk.askLink(), await desk.askLink('U0ADA')];
    const [ben, ada] = [desk.browser(), desk.browser()];
    await ben.press(mine.url, BEN);
    const claims = { 'https://slack.com/user_id': 'U0ADA' };
    const page = await ada.press(hers.url, { account: 'ada@acme.test', slack: claims });
    // Ben's browser has no part in hers: neither its callback nor its button.
    expect((await ben.look(page.url)).status).not.toBe(200);
    expect((await ben.send(page.form)).status).toBe(403);
    expect(await subjectOf()).toBeNull();
    expect(await subjectOf('U0ADA')).toBeNull();
  });

  it('shows the same page again, and links once', async () => {
    const { url } = await desk.askLink();
    const ben = desk.browser();
    const page = await ben.press(url, BEN);
    expect((await ben.look(page.url)).form).toBe(page.form);
    expect((await ben.look(url)).form).toBe(page.form);
    expect((await ben.send(page.form)).status).toBe(200);
    expect((await ben.send(page.form)).status).toBe(410);
    expect((await ben.look(page.url)).status).toBe(410);
    expect((await ben.look(url)).status).toBe(410);
  });

  it('takes no form of another site', async () => {
    const { url } = await desk.askLink();
    const ben = desk.browser();
    const { form } = await ben.press(url, BEN);
    const response = await fetch(form, { method: 'POST', headers: { origin: 'https://evil.test' } });
    expect(response.status).toBe(403);
    expect(await subjectOf()).toBeNull();
  });

  it('links no identity to two members, and has the tenant forget what that left over', async () => {
    await desk.link('U0ADA', 'ada@acme.test');
    const { url, request } = await desk.askLink();
    const ben = desk.browser();
    const page = await ben.press(url, { account: 'ada@acme.test' });
    expect((await ben.send(page.form)).text).toContain('belongs to another member');
    expect(await subjectOf()).toBeNull();
    const refused = (await desk.audit('link.refused')).find(({ detail }) => detail['request'] === request.id);
    expect(refused?.outcome).toBe('link_taken');
    expect(desk.tenant.world.refreshTokens.size).toBe(2);
    await discardTokens(desk.vault);
    expect(desk.tenant.world.refreshTokens.size).toBe(1);
  });

  const hour = Math.floor(Date.now() / 1000) - 3600;
  it.each([
    ['another nonce', { nonce: 'n' }],
    ['another client', { aud: 'somebody' }],
    ['another issuer', { iss: 'https://evil.test/' }],
    ['an old token', { iat: hour, exp: hour + 60 }],
    ['a token that lives on', { iat: hour }],
    ['nobody', { sub: '' }],
  ])('takes no ID token of %s', async (_, claims) => {
    desk.tenant.world.idTokenClaims = claims;
    const { url, request } = await desk.askLink();
    const page = await desk.browser().press(url, BEN);
    expect(page.status).toBe(403);
    expect(page.text).toContain('could not be verified');
    const refused = (await desk.audit('link.refused')).find(({ detail }) => detail['request'] === request.id);
    expect(refused?.outcome).toBe('link_unproved');
  });

  it('keeps the link usable after an outage, and names what an admin has to mend', async () => {
    const { url } = await desk.askLink();
    desk.tenant.fail('/oauth/token', { status: 503 });
    expect((await desk.browser().press(url, BEN)).status).toBe(503);
    expect((await desk.browser().press(url, BEN)).text).toContain('auth0|ben');
    const secret = desk.tenant.world.clientSecret;
    desk.tenant.world.clientSecret = 'another';
    const refused = await desk.browser().press((await desk.askLink()).url, BEN);
    desk.tenant.world.clientSecret = secret;
    expect(refused.text).toContain('agentdesk doctor');
  });

  it('renews the link of the same identity without asking, and forgets the old token', async () => {
    await desk.link('U0BEN', BEN.account);
    const [first = ''] = desk.tenant.world.refreshTokens.keys();
    expect((await desk.link('U0BEN', BEN.account)).text).toContain('You are linked');
    await discardTokens(desk.vault);
    expect(desk.tenant.world.refreshTokens.size).toBe(1);
    expect(desk.tenant.world.refreshTokens.has(first)).toBe(false);
  });
});

describe('linking without Sign in with Slack', () => {
  beforeAll(async () => {
    desk = await startTenantDesk();
    for (const memberId of ['U0ADA', 'U0BEN']) await desk.known(memberId);
  });
  afterAll(() => desk.stop());

  it('takes the verified e-mail address that Slack has for the member', async () => {
    expect((await desk.link('U0BEN', BEN.account)).text).toContain('You are linked');
    expect((await desk.audit('link.made')).at(-1)?.detail).toMatchObject({ proved_by: 'email' });
  });

  it.each(['ben@elsewhere.test', 'BEN@acme.test'])(
    'asks an admin about %s, who is not the member',
    async (account) => {
      const { url, request } = await desk.askLink();
      const ben = desk.browser();
      const page = await ben.press(url, { account });
      expect((await ben.send(page.form)).text).toContain(`/agentdesk link approve ${request.id}`);
      expect(await subjectOf()).toBeNull();
      await expect(vouchForLink(desk.vault, WORKSPACE, request.id, 'U0BEN')).rejects.toMatchObject({
        code: 'connect_expired',
      });
      expect(await vouchForLink(desk.vault, WORKSPACE, request.id, 'U0ADA')).toBe('connected');
      expect((await desk.audit('link.made')).at(-1)?.detail).toMatchObject({ proved_by: 'admin:U0ADA' });
    },
  );
});
