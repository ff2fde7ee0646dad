import { randomBytes, randomUUID } from 'node:crypto';
import { AuthClient } from '@auth0/auth0-auth-js';
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { createAuthority, type Authority } from '../../src/authority/authority.ts';
import { createKeyring } from '../../src/db/seal.ts';
import { createLog } from '../../src/telemetry.ts';
import { createTestDatabase } from '../support/database.ts';
import { startProviderServer } from './provider-server.ts';

export const ISSUER = 'https://authority.agentdesk.internal/';
export const BEN = 'slack|T0SANDBOX|U0BEN';
export const ADA = 'slack|T0SANDBOX|U0ADA';

export const randomDigest = (): string => randomBytes(32).toString('base64url');

async function createKeys() {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { privateKey, publicJwk: { ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig' } };
}

type Private = Awaited<ReturnType<typeof createKeys>>['privateKey'];

/** Everything an authority test needs: database, keys of both sides, a provider, any number of authorities. */
export async function createKit() {
  const database = await createTestDatabase();
  const [desk, door] = [await createKeys(), await createKeys()];
  const provider = await startProviderServer();
  const running: Authority[] = [];
  const lines: string[] = [];
  const master = randomBytes(32);
  let skewMs = 0;
  const now = (): Date => new Date(Date.now() + skewMs);

  /** Another authority on the same database, as another process would be. */
  async function start(): Promise<{ url: string; stop: () => Promise<void> }> {
    const authority = createAuthority({
      issuer: ISSUER,
      database: database.authority,
      keyring: createKeyring([master]),
      trustedKeys: { desk: [desk.publicJwk], door: [door.publicJwk] },
      providers: {
        google: { apiUrl: provider.url, clientId: 'google-id', clientSecret: 'google-secret' },
        github: {
          apiUrl: `${provider.url}/api`,
          siteUrl: provider.url,
          clientId: 'github-id',
          clientSecret: 'github-secret',
        },
      },
      now,
      log: createLog('debug', { write: (line) => lines.push(line) }),
    });
    running.push(authority);
    return { ...(await authority.start()), stop: () => authority.stop() };
  }

  function sign(key: Private, typ: string, claims: JWTPayload): Promise<string> {
    const iat = Math.floor(now().getTime() / 1000);
    return new SignJWT({ iat, jti: randomUUID(), ...claims })
      .setProtectedHeader({ alg: 'ES256', typ })
      .sign(key);
  }

  function connectClient(url: string, key: Private = desk.privateKey): AuthClient {
    return new AuthClient({
      domain: new URL(ISSUER).host,
      clientId: 'agentdesk',
      clientAssertionSigningKey: key,
      clientAssertionSigningAlg: 'ES256',
      customFetch: (input, init) => {
        const asked = new URL(input instanceof Request ? input.url : input);
        return fetch(`${url}${asked.pathname}${asked.search}`, init);
      },
    });
  }

  function meToken(sub: string, claims: JWTPayload = {}): Promise<string> {
    return sign(desk.privateKey, 'agentdesk-me+jwt', {
      iss: 'agentdesk',
      sub,
      aud: `${ISSUER}me/`,
      ...claims,
    });
  }

  return {
    database,
    desk,
    door,
    provider,
    lines,
    now,
    start,
    sign,
    connectClient,
    createKeys,
    meToken,
    /** Moves the authority's clock; oidc-provider itself keeps the real one. */
    moveClock: (ms: number) => (skewMs += ms),
    resetClock: () => (skewMs = 0),
    /** @param claims overrides; the click approves unless they say otherwise */
    click: (claims: JWTPayload, key: Private = door.privateKey) =>
      sign(key, 'agentdesk-click+jwt', {
        iss: 'agentdesk-door',
        aud: ISSUER,
        team: 'T0SANDBOX',
        user: 'U0BEN',
        sub: BEN,
        decision: 'approve',
        channel: 'D0BEN',
        ts: '1795527773.000100',
        ...claims,
      }),
    async sendClick(url: string, click: string): Promise<{ status: number; body: unknown }> {
      const response = await fetch(`${url}/clicks`, { method: 'POST', body: JSON.stringify({ click }) });
      const text = await response.text();
      return { status: response.status, body: text === '' ? null : JSON.parse(text) };
    },
    ask: (client: AuthClient, digest: string, sub = BEN, requestedExpiry = 300) =>
      client.initiateBackchannelAuthentication({
        bindingMessage: 'Send mail to priya, code 7K3M9QXZ',
        loginHint: { sub },
        requestedExpiry,
        authorizationDetails: [
          { type: 'agentdesk_call', approval_digest: digest, code: '7K3M9QXZ', account: 'a', target: 't' },
        ],
      }),
    async me(url: string, method: string, path: string, body?: unknown, token?: string) {
      const response = await fetch(`${url}/me/v1/connected-accounts/${path}`, {
        method,
        headers: { authorization: `Bearer ${token ?? (await meToken(BEN))}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        body: (text === '' ? null : JSON.parse(text)) as Record<string, unknown>,
      };
    },
    async stop(): Promise<void> {
      await Promise.all(running.map((authority) => authority.stop()));
      await provider.stop();
      await database.drop();
    },
  };
}

export type Kit = Awaited<ReturnType<typeof createKit>>;

/** What an `AuthClient` call was refused with. */
export async function refusalOf(
  call: Promise<unknown>,
): Promise<{ error: string; status: number | undefined; retryAfter: string | null }> {
  try {
    await call;
  } catch (error) {
    const { cause, statusCode, headers } = error as {
      cause?: { error?: string };
      statusCode?: number;
      headers?: Headers;
    };
    return {
      error: cause?.error ?? String(error),
      status: statusCode,
      retryAfter: headers?.get('retry-after') ?? null,
    };
  }
  throw new Error('it was not refused');
}
