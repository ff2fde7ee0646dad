import { isIP } from 'node:net';
import { isLoopback } from '../../config-readers.ts';

/** Whom a passkey belongs to (WebAuthn §4, "Relying Party Identifier"), and where its pages are. */
export interface RelyingParty {
  readonly id: string;
  /** Without a trailing slash; every link to a passkey page begins with it. */
  readonly origin: string;
}

/**
 * Why passkeys cannot work at this PUBLIC_URL, as part of a sentence; null when they can. They need a name, not an
 * address, and https except on this machine.
 */
export function strongTierProblem(publicUrl: string): string | null {
  const { protocol, hostname } = new URL(publicUrl);
  if (isLoopback(publicUrl)) return null;
  if (protocol !== 'https:') return 'PUBLIC_URL is not https, so browsers offer no passkeys there';
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0)
    return 'PUBLIC_URL is an IP address, and a passkey needs a host name';
  return null;
}

/**
 * The relying party of a PUBLIC_URL. A loopback address is no relying party, so its pages are opened at `localhost`,
 * which browsers take to the same machine.
 * @returns null when {@link strongTierProblem} has something to say
 */
export function readRelyingParty(publicUrl: string): RelyingParty | null {
  if (strongTierProblem(publicUrl) !== null) return null;
  const url = new URL(publicUrl);
  if (!isLoopback(publicUrl)) return { id: url.hostname, origin: url.origin };
  const id = url.hostname.endsWith('localhost') ? url.hostname : 'localhost';
  return { id, origin: `${url.protocol}//${id}${url.port === '' ? '' : `:${url.port}`}` };
}
