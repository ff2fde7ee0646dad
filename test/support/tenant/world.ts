import { createHash, randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

export interface TenantUser {
  readonly sub: string;
  readonly name: string;
  readonly email: string;
  readonly emailVerified: boolean;
}

export interface TenantAccount {
  readonly id: string;
  readonly sub: string;
  readonly connection: string;
  readonly scopes: readonly string[];
  readonly createdAt: string;
  readonly providerId: string | null;
  accessToken: string;
  readonly refreshToken: string | null;
}

/** A provider as a connection of the tenant has it configured. */
export interface TenantProvider {
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface CibaRequest {
  readonly authReqId: string;
  readonly sub: string;
  readonly bindingMessage: string;
  readonly audience: string;
  readonly scope: string;
  readonly details: readonly unknown[];
  readonly expiresAt: number;
  lastPoll: number;
  status: 'pending' | 'approved' | 'denied' | 'used';
}

/** What is between /authorize and /oauth/token. */
export interface LoginCode {
  readonly sub: string;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly nonce: string | undefined;
  readonly scope: string;
}

/** What is between connect and complete. */
export interface ConnectSession {
  readonly sub: string;
  readonly connection: string;
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly scopes: readonly string[];
  readonly challenge: string;
  readonly ticket: string;
  connectCode: string | null;
  account: TenantAccount | null;
}

export interface Fault {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** All that a tenant knows. Tests look at it and turn it. */
export interface World {
  issuer: string;
  readonly clientId: string;
  clientSecret: string;
  readonly key: { readonly privateKey: CryptoKey; readonly publicJwk: JWK };
  readonly users: Map<string, TenantUser>;
  readonly providers: Map<string, TenantProvider>;
  readonly codes: Map<string, LoginCode>;
  /** sub by refresh token. */
  readonly refreshTokens: Map<string, string>;
  readonly sessions: Map<string, ConnectSession>;
  accounts: TenantAccount[];
  readonly ciba: Map<string, CibaRequest>;
  /** Answers to give instead, by path, in order. */
  readonly faults: Map<string, Fault[]>;
  /** Every request that was refused as malformed: a client of ours sends none. */
  readonly violations: string[];
  /** `METHOD path grant` of every request. */
  readonly requests: string[];
  /** Whose token each exchange was asked with. */
  readonly exchanges: string[];
  readonly audience: string;
  /** Seconds a poller of CIBA must wait. */
  interval: number;
  /** What the ID token says otherwise. */
  idTokenClaims: Record<string, unknown>;
  readonly now: () => Date;
}

export const draw = (prefix: string): string => `${prefix}${randomBytes(24).toString('base64url')}`;

export const challengeOf = (verifier: string): string =>
  createHash('sha256').update(verifier).digest('base64url');

export async function createWorld(options: {
  users: readonly TenantUser[];
  providers: Readonly<Record<string, TenantProvider>>;
  now: () => Date;
}): Promise<World> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  return {
    issuer: '',
    clientId: draw('client_'),
    clientSecret: draw('secret_'),
    key: {
      privateKey,
      publicJwk: { ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' },
    },
    users: new Map(options.users.map((user) => [user.sub, user])),
    providers: new Map(Object.entries(options.providers)),
    codes: new Map(),
    refreshTokens: new Map(),
    sessions: new Map(),
    accounts: [],
    ciba: new Map(),
    faults: new Map(),
    violations: [],
    requests: [],
    exchanges: [],
    audience: 'https://agentdesk/api',
    interval: 5,
    idTokenClaims: {},
    now: options.now,
  };
}

/** A JWT of the tenant (RFC 7519), RS256. @param claims.aud for whom */
export function signToken(world: World, claims: Record<string, unknown>, seconds = 86_400): Promise<string> {
  const now = Math.floor(world.now().getTime() / 1000);
  return new SignJWT({ iss: world.issuer, iat: now, exp: now + seconds, jti: draw(''), ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'key-1', typ: 'JWT' })
    .sign(world.key.privateKey);
}

export function signIdToken(world: World, user: TenantUser, nonce: string | undefined): Promise<string> {
  return signToken(
    world,
    {
      sub: user.sub,
      aud: world.clientId,
      name: user.name,
      email: user.email,
      email_verified: user.emailVerified,
      ...(nonce === undefined ? {} : { nonce }),
      ...world.idTokenClaims,
    },
    36_000,
  );
}
