import tls from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { checkTenantClient } from '../../src/main/doctor-tenant-client.ts';
import { startTenant, type Tenant } from '../support/tenant/stand-in.ts';

let tenant: Tenant;

beforeAll(async () => {
  tenant = await startTenant({ users: [], providers: {} });
  tls.setDefaultCACertificates([...tls.getCACertificates(), tenant.ca]);
});
afterAll(() => tenant.stop());

async function examine(secret = tenant.client().clientSecret): Promise<string[]> {
  const { clientId, domain } = tenant.client();
  const { config, secrets } = readConfig({
    AUTH0_DOMAIN: domain,
    AUTH0_CLIENT_ID: clientId,
    AUTH0_CLIENT_SECRET: secret,
    AGENTDESK_ENCRYPTION_KEY: 'ab'.repeat(32),
  });
  const now = (): Date => new Date();
  const findings = await checkTenantClient({ config, secrets, now, nodeVersion: '24.0.0', timeoutMs: 2_000 });
  return findings
    .filter(({ check }) => check !== 'tenant clock')
    .map(({ check, status }) => `${status} ${check}`);
}

const UNSEEN = Array.from({ length: 6 }, () => 'look tenant settings');

it('accepts a client with all its grant types, and lists what only a person can see', async () => {
  expect(await examine()).toEqual([
    'ok tenant grant: Refresh Token',
    'ok tenant grant: Token Vault',
    'ok tenant grant: Client Initiated Backchannel Authentication (CIBA)',
    ...UNSEEN,
  ]);
});

it('tells a wrong secret, a missing grant type, and a limit apart', async () => {
  expect(await examine('wrong')).toEqual(['fail tenant client', ...UNSEEN]);
  tenant.fail('/oauth/token', { status: 403, body: { error: 'unauthorized_client' } });
  expect((await examine())[0]).toBe('fail tenant grant: Refresh Token');
  tenant.fail('/oauth/token', { status: 429, body: {} });
  expect((await examine())[0]).toBe('warn tenant client');
  tenant.fail('/oauth/token', { status: 502, body: 'bad gateway' });
  expect((await examine())[0]).toBe('fail tenant client');
});
