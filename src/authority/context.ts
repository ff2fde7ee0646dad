import type { JsonWebKey } from 'node:crypto';
import type { Database } from '../db/client.ts';
import type { Keyring } from '../db/seal.ts';
import type { Log } from '../telemetry.ts';
import type { Providers } from './providers/provider.ts';

/** Public keys the authority trusts, by who holds the private part. */
export interface TrustedKeys {
  /** Client assertions, exchange requests and My Account tokens. */
  readonly desk: readonly JsonWebKey[];
  /** Clicks. */
  readonly door: readonly JsonWebKey[];
}

/** What every part of the authority is given. */
export interface Context {
  /** With its trailing slash; the same for every process and port. */
  readonly issuer: string;
  readonly database: Database;
  readonly keyring: Keyring;
  readonly trustedKeys: TrustedKeys;
  readonly providers: Providers;
  readonly now: () => Date;
  readonly log: Log;
}
