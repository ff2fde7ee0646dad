import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createKeyring } from '../../src/db/seal.ts';
import { withDatabase } from '../support/global-setup.ts';
import { findCard, press, startOutside, until, type Outside, type Seen } from '../support/outside.ts';
import { startAsProcess, type RunningProgram } from '../support/program.ts';
import { letItCount } from '../support/strong.ts';
import { createBrowser, type TenantBrowser } from '../support/tenant/browser.ts';
import { TENANT_USERS } from '../support/tenant/people.ts';
import { startTenant, type Tenant } from '../support/tenant/stand-in.ts';

const [USER, CHANNEL, EMAIL] = ['U0BEN', 'D0BEN', 'ben@acme.test'];
const KEY = 'ab'.repeat(32);

describe('the program beside an Auth0 tenant, over HTTPS', () => {
  let outside: Outside;
  let tenant: Tenant;
  let program: RunningProgram;
  let ben: TenantBrowser;
  const database = `tenant_${process.pid}`;
  const server = (): postgres.Sql => postgres(inject('ownerUrl'), { max: 1, onnotice: () => undefined });
  const dataDir = mkdtempSync(join(tmpdir(), 'agentdesk-tenant-'));

  beforeAll(async () => {
    outside = await startOutside();
    const sql = server();
    await sql.unsafe(`create database ${database}`);
    await sql.end();
    const { GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET, ...variables } = outside.variables;
    const google = variables.GOOGLE_API_URL;
    tenant = await startTenant({
      users: TENANT_USERS,
      providers: {
        'google-oauth2': {
          authorizeUrl: `${google}/o/oauth2/v2/auth`,
          tokenUrl: `${google}/token`,
          clientId: GOOGLE_CLIENT_ID,
          clientSecret: GOOGLE_CLIENT_SECRET,
        },
      },
    });
    tls.setDefaultCACertificates([...tls.getCACertificates(), tenant.ca]);
    program = await startAsProcess({
      ...variables,
      SLACK_CLIENT_ID: outside.credentials.clientId,
      SLACK_CLIENT_SECRET: outside.credentials.clientSecret,
      AUTH0_DOMAIN: tenant.domain,
      AUTH0_CLIENT_ID: tenant.world.clientId,
      AUTH0_CLIENT_SECRET: tenant.world.clientSecret,
      AGENTDESK_ENCRYPTION_KEY: KEY,
      DATABASE_URL: withDatabase(inject('ownerUrl'), database),
      AGENTDESK_DATA_DIR: dataDir,
      NODE_EXTRA_CA_CERTS: tenant.caFile,
    });
    ben = createBrowser(program.url, null);
  }, 90_000);

  afterAll(async () => {
    await program.stop();
    await tenant.stop();
    await outside.stop();
    const sql = server();
    await sql.unsafe(`drop database if exists ${database} with (force)`);
    await sql.end();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const messages = (): Seen[] => outside.slack.messages(CHANNEL, USER);
  const linkOf = (thread: string, label: string): Promise<string> =>
    until(`a button ${label}`, () => {
      const elements = messages()
        .filter((message) => message.thread_ts === thread)
        .flatMap((message) => (message.blocks ?? []).flatMap((block) => block.elements ?? []));
      return elements.find((element) => element.text?.text === label)?.url;
    });
  const sent = (subject: string): number =>
    outside.google
      .mailboxes()
      .flatMap((box) => box.messages)
      .filter((mail) => mail.subject === subject && mail.labels.includes('SENT')).length;

  it('links, connects, asks in Slack, exchanges and sends, all in the one turn that began it', async () => {
    const { ts } = outside.slack.say(USER, CHANNEL, "mail priya@acme.test about 'Tenant' saying 'Hello'");
    const choices = { user: USER, account: EMAIL };
    const page = await ben.press(await linkOf(ts, `Link to ${tenant.domain}`), choices);
    expect(page.text).toContain('auth0|ben');
    expect((await ben.send(page.form)).text).toContain('You are linked');
    await until('a confirmation', () => messages().find(({ text }) => text.includes(`at ${tenant.domain}.`)));
    const connected = await ben.press(await linkOf(ts, 'Connect Google'), choices);
    expect(connected.text).toContain(`Connected ${EMAIL}`);
    const card = await until('a card', () => findCard(outside, CHANNEL, USER, ts, 'Approve'));
    expect(tenant.world.exchanges.length).toBeGreaterThan(0);
    expect(sent('Tenant')).toBe(0);
    await press(outside, USER, CHANNEL, card, 'Approve');
    await until('the mail', () => sent('Tenant') === 1);
  }, 90_000);

  it('asks the member’s own device where a rule says so, after the click', async () => {
    await outside.slack.slash(USER, CHANNEL, '/agentdesk', 'policy set gmail.messages.send phone');
    const owner = postgres(withDatabase(inject('ownerUrl'), database), { max: 1 });
    // A day goes by.
    await letItCount({ keyring: createKeyring([Buffer.from(KEY, 'hex')]), database: { owner } }, USER);
    await owner.end();
    const { ts } = outside.slack.say(USER, CHANNEL, "mail priya@acme.test about 'Phone' saying 'Hello'");
    const card = await until('a card', () => findCard(outside, CHANNEL, USER, ts, 'Approve'));
    await press(outside, USER, CHANNEL, card, 'Approve');
    const phone = await until('the phone', () => [...tenant.world.ciba.values()].at(-1));
    const code = phone.bindingMessage.split(' ').at(-1) ?? '';
    expect(phone).toMatchObject({ sub: 'auth0|ben', audience: 'https://agentdesk/api' });
    const shown = await until('the card that waits', () => {
      const text = JSON.stringify(messages().find((message) => message.ts === card.ts)?.blocks);
      return text.includes('Waiting for your phone') && text;
    });
    expect(shown).toContain(`code \`${code}\``);
    expect(sent('Phone')).toBe(0);
    phone.status = 'approved';
    await until('the mail', () => sent('Phone') === 1);
    await until('the card that is done', () =>
      JSON.stringify(messages().find((message) => message.ts === card.ts)).includes('Done: '),
    );
  }, 90_000);

  it('speaks the wire of the tenant and of Slack, and says no token to anybody', () => {
    expect(tenant.world.violations).toEqual([]);
    expect(outside.slack.violations()).toEqual([]);
    const tokens = [
      ...tenant.world.refreshTokens.keys(),
      ...tenant.world.accounts.map((one) => one.accessToken),
    ];
    expect(tokens.length).toBeGreaterThan(1);
    for (const secret of [...tokens, tenant.world.clientSecret])
      expect(program.output() + JSON.stringify(messages())).not.toContain(secret);
  });
});
