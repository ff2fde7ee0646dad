import type { EventEmitter } from 'node:events';
import { Provider } from 'oidc-provider';
import type { Database } from '../db/client.ts';
import type { Keyring } from '../db/seal.ts';
import type { Log } from '../telemetry.ts';
import type { Context, TrustedKeys } from './context.ts';
import { exchange, EXCHANGE_PARAMS } from './exchange-grant.ts';
import { describeFault } from './fault.ts';
import { startHousekeeping } from './housekeeping.ts';
import { loadSigningKeys } from './keys.ts';
import { EXCHANGE_GRANT } from './names.ts';
import { configureOidc } from './oidc-config.ts';
import { createWireFixes } from './oidc-wire.ts';
import { createGithub, type GithubClient } from './providers/github.ts';
import { createGoogle, type GoogleClient } from './providers/google.ts';
import { listen } from './server.ts';

/** The OAuth clients of the embedded vault; a connection without one cannot be connected. */
export interface ProviderConfig {
  readonly google: GoogleClient | null;
  readonly github: GithubClient | null;
}

export interface AuthorityOptions {
  /** Constant, with a trailing slash; it never says where the authority listens. */
  readonly issuer: string;
  /** Connected as the authority's own role. */
  readonly database: Database;
  readonly keyring: Keyring;
  readonly trustedKeys: TrustedKeys;
  readonly providers: ProviderConfig;
  readonly now: () => Date;
  readonly log: Log;
  /** 0 or absent = any free port. */
  readonly port?: number;
}

export interface Authority {
  /** @returns where it listens, on this machine's loopback only */
  start(): Promise<{ url: string }>;
  /** Ends requests and housekeeping; the database is the caller's to close. */
  stop(): Promise<void>;
}

/**
 * The embedded authority: CIBA with clicks in Slack as authentication device, and a Token Vault, on Auth0's paths
 * and wire. All state is in the database, so that several processes are one authority.
 */
export function createAuthority(options: AuthorityOptions): Authority {
  const { google, github } = options.providers;
  const context: Context = {
    ...options,
    providers: {
      'google-oauth2': google && createGoogle(google),
      github: github && createGithub(github),
    },
  };
  const ends: (() => Promise<void>)[] = [];
  return {
    async start() {
      const provider = await createProvider(context);
      const listener = await listen(context, provider, options.port ?? 0);
      ends.push(() => listener.close(), startHousekeeping(context));
      return { url: listener.url };
    },
    async stop() {
      await Promise.all(ends.splice(0).map((end) => end()));
    },
  };
}

async function createProvider(context: Context): Promise<Provider> {
  const keys = await loadSigningKeys(context);
  const provider: Provider = new Provider(
    context.issuer,
    configureOidc(context, keys, () => provider),
  );
  // Trusts the forwarded protocol that rebuildRequest sets; no header of the caller's reaches the provider.
  provider.proxy = true;
  provider.use(createWireFixes(context, provider));
  provider.registerGrantType(EXCHANGE_GRANT, (ctx) => exchange(context, ctx), EXCHANGE_PARAMS);
  const report = (error: unknown): void => {
    context.log.error({ error: describeFault(error) }, 'authority failed');
  };
  provider.on('server_error', (_ctx, error) => {
    report(error);
  });
  const emitter: EventEmitter = provider;
  emitter.on('error', report);
  return provider;
}
