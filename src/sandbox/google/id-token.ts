import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type JsonWebKey,
} from 'node:crypto';
import { replyJson } from '../http/exchange.ts';
import type { Router } from '../http/router.ts';
import { domainOf } from './people.ts';
import type { Google, Person } from './state.ts';

/** Google's own issuer, whatever the address of the stand-in: clients compare it as a constant. */
const ISSUER = 'https://accounts.google.com';

export function generateSigningKey(): JsonWebKey {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
}

/** `/oauth2/v3/certs`, a JWK set. */
export function addCerts(router: Router, google: Google): void {
  router.on('GET', '/oauth2/v3/certs', () => {
    const { n, e, kty } = createPublicKey({ key: google.store.state.signingKey, format: 'jwk' }).export({
      format: 'jwk',
    });
    const key = { kty, n, e, alg: 'RS256', use: 'sig', kid: keyId(google) };
    return replyJson(200, { keys: [key] }, { 'cache-control': 'public, max-age=3600' });
  });
}

/** RFC 7638 thumbprint. */
function keyId(google: Google): string {
  const { e, n } = google.store.state.signingKey;
  return createHash('sha256')
    .update(JSON.stringify({ e, kty: 'RSA', n }))
    .digest('base64url');
}

interface IdTokenFacts {
  readonly person: Person;
  readonly scopes: readonly string[];
  readonly accessToken: string;
  readonly nonce: string | null;
  /** Seconds. */
  readonly lifetime: number;
}

/** An RS256 ID token (OpenID Connect Core §2) with `at_hash` and, as Google does, `azp` and `hd`. */
export function signIdToken(google: Google, facts: IdTokenFacts): string {
  const { person, scopes } = facts;
  const { clientId, signingKey } = google.store.state;
  const issuedAt = Math.floor(google.now().getTime() / 1000);
  const half = createHash('sha256').update(facts.accessToken).digest().subarray(0, 16);
  const claims = {
    iss: ISSUER,
    azp: clientId,
    aud: clientId,
    sub: person.sub,
    hd: domainOf(person.email) === 'acme.test' ? 'acme.test' : undefined,
    ...identityClaims(person, scopes),
    at_hash: half.toString('base64url'),
    nonce: facts.nonce ?? undefined,
    iat: issuedAt,
    exp: issuedAt + facts.lifetime,
  };
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${encode({ alg: 'RS256', kid: keyId(google), typ: 'JWT' })}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(input), createPrivateKey({ key: signingKey, format: 'jwk' }));
  return `${input}.${signature.toString('base64url')}`;
}

/** The claims the granted scopes reveal. */
export function identityClaims(person: Person, scopes: readonly string[]): Record<string, unknown> {
  const has = (name: string): boolean => scopes.includes(`https://www.googleapis.com/auth/userinfo.${name}`);
  return {
    ...(has('email') && { email: person.email, email_verified: true }),
    ...(has('profile') && { name: person.name, given_name: person.name }),
  };
}
