import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Incoming } from './exchange.ts';

export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What the state keeps of a code or token, so that no snapshot holds one that could be used. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** `prefix` followed by letters and digits, at least 128 random bits. */
export function randomSecret(prefix: string, length = 36): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  const letters = Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length] ?? 'A');
  return prefix + letters.join('');
}

export function isSame(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

/** RFC 7636 §4.6, S256 only. */
export function isVerifierOf(verifier: string, challenge: string): boolean {
  return /^[A-Za-z0-9._~-]{43,128}$/.test(verifier) && isSame(digestOf(verifier), challenge);
}

export function isChallenge(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text);
}

/** HTTP Basic, RFC 7617; with RFC 6749 §2.3.1 both halves are form-encoded. */
export function readBasic(request: Incoming): ClientCredentials | null {
  const [scheme, encoded] = (request.headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'basic' || !encoded) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return null;
  const pair = new URLSearchParams(`id=${text.slice(0, colon)}&secret=${text.slice(colon + 1)}`);
  return { clientId: pair.get('id') ?? '', clientSecret: pair.get('secret') ?? '' };
}

export function readBearer(request: Incoming): string | null {
  const found = /^(?:bearer|token)\s+(\S+)$/i.exec(request.headers.authorization ?? '');
  return found?.[1] ?? null;
}

/** A redirect target a web client may register: absolute http(s), no fragment, no user info. */
export function isRedirectTarget(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) && !text.includes('#') && url.username === '' && url.password === '';
}

/** False for a form that another site posted. Clients that are no browser send no Origin. */
export function isOwnForm(request: Incoming): boolean {
  const from = request.headers.origin;
  return from === undefined || from === request.origin || from === `http://${request.headers.host ?? ''}`;
}
