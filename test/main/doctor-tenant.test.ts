import tls from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { checkTenantDevice } from '../../src/main/doctor-tenant.ts';
import type { Finding } from '../../src/main/doctor-finding.ts';
import { startTenant, type Tenant } from '../support/tenant/stand-in.ts';

let tenant: Tenant;

beforeAll(async () => {
  tenant = await startTenant({ users: [], providers: {} });
  tls.setDefaultCACertificates([...tls.getCACertificates(), tenant.ca]);
});
afterAll(() => tenant.stop());

/** Status and detail of each finding. */
async function examine(variables: Record<string, string> = {}): Promise<[Finding['status'], string][]> {
  const { clientId, clientSecret, domain } = tenant.client();
  const { config, secrets } = readConfig({
    AUTH0_DOMAIN: domain,
    AUTH0_CLIENT_ID: clientId,
    AUTH0_CLIENT_SECRET: clientSecret,
    AGENTDESK_ENCRYPTION_KEY: 'ab'.repeat(32),
    ...variables,
  });
  const now = (): Date => new Date();
  const findings = await checkTenantDevice({ config, secrets, now, nodeVersion: '24.0.0', timeoutMs: 2_000 });
  return findings.map(({ status, detail }) => [status, detail]);
}

it('tells how members are asked, and that nobody looks at the log', async () => {
  expect(await examine()).toEqual([
    ['ok', `${tenant.domain} asks members on their own devices by push, for 300 seconds`],
    ['warn', 'Nobody notices an exchange that AgentDesk did not make'],
  ]);
  expect((await examine({ AUTH0_CIBA_SECONDS: '3600' }))[0]?.[1]).toContain('by e-mail, for 3600 seconds');
});

it('finds a tenant without CIBA, another one, and none', async () => {
  const path = '/.well-known/openid-configuration';
  tenant.fail(path, { status: 200, body: { issuer: tenant.world.issuer } });
  expect((await examine())[0]).toEqual(['warn', expect.stringContaining('does not offer CIBA')]);
  tenant.fail(path, { status: 200, body: { issuer: 'https://other.example/' } });
  expect((await examine())[0]).toEqual(['fail', expect.stringContaining('another issuer')]);
  tenant.fail(path, { status: 404, body: 'none' });
  expect((await examine())[0]).toEqual(['fail', expect.stringContaining('answered 404')]);
});

it('tries to read the log where that is wanted', async () => {
  const on = { AUTH0_LOG_POLL_SECONDS: '60', AUTH0_LOG_STREAM_TOKEN: 'x'.repeat(32) };
  const token = { status: 200, body: { access_token: 't' } };
  tenant.fail('/oauth/token', token);
  tenant.fail('/api/v2/logs', { status: 200, body: [] });
  expect((await examine(on)).slice(1)).toEqual([
    ['ok', 'a log stream may post to http://127.0.0.1:3000/auth0/logs'],
    ['ok', 'is read every 60 seconds'],
  ]);
  tenant.fail('/oauth/token', token);
  tenant.fail('/api/v2/logs', { status: 403, body: {} });
  expect((await examine(on))[2]).toEqual(['fail', 'The tenant does not let its log be read (403)']);
  expect((await examine(on))[2]).toEqual(['fail', 'The tenant gives no token for its Management API (403)']);
});
