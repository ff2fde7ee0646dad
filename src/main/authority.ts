import type { webcrypto } from 'node:crypto';
import { AuthClient } from '@auth0/auth0-auth-js';
import { importJWK } from 'jose';
import { createCibaClient, type CibaClient } from '../approvals/ciba-client.ts';
import { createAuthority, type ProviderConfig } from '../authority/authority.ts';
import { createDatabase } from '../db/client.ts';
import type { DatabaseAccess } from '../db/pool.ts';
import type { Signer } from '../db/signing-keys.ts';
import type { Keyring } from '../db/seal.ts';
import type { Log } from '../telemetry.ts';
import type { VaultConnection } from '../vault/deps.ts';

/** Constant: any process may answer another's request, so neither port nor process is in it. */
export const ISSUER = 'https://authority.agentdesk.internal/';
const CLIENT_ID = 'agentdesk';

export interface RunningAuthority {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the embedded authority on a loopback listener of its own, connected with its own database role. */
export async function startAuthority(options: {
  access: DatabaseAccess;
  keyring: Keyring;
  desk: Signer;
  door: Signer;
  providers: ProviderConfig;
  log: Log;
  port?: number;
}): Promise<RunningAuthority> {
  const database = createDatabase(options.access, 6);
  const authority = createAuthority({
    issuer: ISSUER,
    database,
    keyring: options.keyring,
    trustedKeys: {
      desk: [options.desk.publicJwk],
      door: [options.door.publicJwk],
    },
    providers: options.providers,
    now: () => new Date(),
    log: options.log,
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  const { url } = await authority.start();
  return {
    url,
    async stop() {
      await authority.stop();
      await database.close();
    },
  };
}

/** The desk's side of the wire: one client for CIBA and Token Vault. */
export async function connectAuthority(
  url: string,
  desk: Signer,
): Promise<{ ciba: CibaClient; vault: VaultConnection }> {
  const reach: typeof fetch = (input, init) => {
    const wanted = new URL(input instanceof Request ? input.url : input);
    if (wanted.origin !== new URL(ISSUER).origin) throw new TypeError('only the authority is spoken to here');
    const target = `${url}${wanted.pathname}${wanted.search}`;
    return input instanceof Request ? fetch(new Request(target, input), init) : fetch(target, init);
  };
  const client = new AuthClient({
    domain: new URL(ISSUER).host,
    clientId: CLIENT_ID,
    clientAssertionSigningKey: (await importJWK(desk.privateJwk, 'ES256')) as webcrypto.CryptoKey,
    clientAssertionSigningAlg: 'ES256',
    customFetch: reach,
    telemetry: { enabled: false },
  });
  const claims = (subject: string, audience: string) => ({
    iss: CLIENT_ID,
    sub: subject,
    aud: audience,
    iat: Math.floor(Date.now() / 1000),
    jti: crypto.randomUUID(),
  });
  return {
    ciba: createCibaClient({ client, clientId: CLIENT_ID, issuer: ISSUER, fetch: reach }),
    vault: {
      issuer: ISSUER,
      client,
      fetch: reach,
      subjectToken: async ({ subject }, leaseId) => ({
        token: await desk.sign('token-vault-req+jwt', { ...claims(subject, ISSUER), audit_context: leaseId }),
        type: 'urn:ietf:params:oauth:token-type:jwt',
      }),
      myAccountToken: ({ subject }) => desk.sign('agentdesk-me+jwt', claims(subject, `${ISSUER}me/`)),
      hintOf: ({ vaultId }) => Promise.resolve(vaultId),
      connectScopes: (_, scopes) => scopes,
      exchangeScopes: (_, scopes) => scopes,
      revokes: true,
    },
  };
}
