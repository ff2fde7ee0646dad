import { AuthClient } from '@auth0/auth0-auth-js';
import type { Database } from '../../db/client.ts';
import type { Keyring } from '../../db/seal.ts';
import type { TenantLogin, VaultConnection } from '../deps.ts';
import { createAccountHint } from './account-hint.ts';
import { createTenantLogin } from './login.ts';
import { obtainMyAccountToken } from './my-account-token.ts';
import { createTenantOidc, type TenantClient } from './oidc.ts';
import { readRefreshToken } from './refresh-token.ts';

/**
 * GitHub has no scopes at a tenant: its permissions are those of the GitHub App. What is asked of Google at connecting
 * replaces what the connection has configured, so the identity is asked for, too.
 * https://auth0.com/docs: Token Vault, Connected Accounts; integrations, GitHub
 */
const SCOPES: Pick<VaultConnection, 'connectScopes' | 'exchangeScopes'> = {
  connectScopes: (connection, scopes) =>
    connection === 'github' ? [] : ['openid', 'profile', 'email', ...scopes],
  exchangeScopes: (connection, scopes) => (connection === 'github' ? [] : scopes),
};

const TIMEOUT_MS = 20_000;

/** An Auth0 tenant as the vault: its Token Vault, its My Account API, its sign-in. */
export function connectTenant(options: {
  tenant: TenantClient & { readonly domain: string };
  database: Database;
  keyring: Keyring;
  now: () => Date;
}): { vault: VaultConnection; login: TenantLogin } {
  const { tenant, database, keyring, now } = options;
  const { origin } = new URL(tenant.issuer);
  const reach: typeof fetch = (input, init) => {
    if (new URL(input instanceof Request ? input.url : input).origin !== origin)
      throw new TypeError('only the tenant is spoken to here');
    return fetch(input, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS), ...init });
  };
  const configuration = createTenantOidc(tenant);
  const client = new AuthClient({
    domain: tenant.domain,
    clientId: tenant.clientId,
    clientSecret: tenant.clientSecret,
    customFetch: reach,
    telemetry: { enabled: false },
  });
  return {
    login: createTenantLogin({ domain: tenant.domain, configuration, now }),
    vault: {
      issuer: tenant.issuer,
      client,
      fetch: reach,
      subjectToken: async (member) => ({
        token: await readRefreshToken(database.db, keyring, tenant, member),
        type: 'urn:ietf:params:oauth:token-type:refresh_token',
      }),
      myAccountToken: async (member) =>
        obtainMyAccountToken(
          configuration,
          tenant,
          await readRefreshToken(database.db, keyring, tenant, member),
        ),
      hintOf: createAccountHint(database),
      ...SCOPES,
      revokes: false,
    },
  };
}
