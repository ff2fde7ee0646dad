import type { AuthClient } from '@auth0/auth0-auth-js';
import type { Database, Transaction } from '../db/client.ts';
import type { Jobs } from '../db/jobs.ts';
import type { accounts, connectRequests } from '../db/schema/workspaces.ts';
import type { Keyring } from '../db/seal.ts';
import type { Telemetry } from '../telemetry-types.ts';
import type { Log } from '../telemetry.ts';

export type Account = typeof accounts.$inferSelect;
export type ConnectRequest = typeof connectRequests.$inferSelect;

/** How the Token Vault is spoken to; the embedded one and a tenant's differ in issuer and subject token only. */
export interface VaultConnection {
  readonly issuer: string;
  readonly client: AuthClient;
  /** Reaches the vault, wherever it listens. */
  readonly fetch: typeof fetch;
  /** The subject token of an exchange, and its type (RFC 8693 §3). */
  subjectToken(subject: string, leaseId: string): Promise<{ token: string; type: string }>;
  /** A bearer token for the My Account API on behalf of the subject. */
  myAccountToken(subject: string): Promise<string>;
}

export interface VaultDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly keyring: Keyring;
  readonly vault: VaultConnection;
  readonly publicUrl: string;
  /** Where a provider host really is: the host itself, or the base URL that replaces it. */
  readonly resolveHost: (host: string) => string;
  /** The scopes a connection needs for the whole catalog. */
  readonly scopesOf: (connection: string) => readonly string[];
  readonly now: () => Date;
  /** Tells the member, in the same transaction; given by main. */
  readonly onAccountChange: (
    tx: Transaction,
    change: { workspaceId: string; memberId: string; requestId: string | null; text: string },
  ) => Promise<void>;
}
