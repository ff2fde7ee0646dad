import type { AuthClient } from '@auth0/auth0-auth-js';
import type { Database, Transaction } from '../db/client.ts';
import type { Jobs } from '../db/jobs.ts';
import type { accounts, connectRequests } from '../db/schema/workspaces.ts';
import type { Keyring } from '../db/seal.ts';
import type { Telemetry } from '../telemetry-types.ts';
import type { Log } from '../telemetry.ts';

export type Account = typeof accounts.$inferSelect;
export type ConnectRequest = typeof connectRequests.$inferSelect;

/** A member, and who they are at the vault. */
export interface VaultMember {
  readonly workspaceId: string;
  readonly memberId: string;
  readonly subject: string;
}

/** How the Token Vault is spoken to; the embedded one and a tenant's differ in issuer and subject token only. */
export interface VaultConnection {
  readonly issuer: string;
  readonly client: AuthClient;
  /** Reaches the vault, wherever it listens. */
  readonly fetch: typeof fetch;
  /** The subject token of an exchange, and its type (RFC 8693 §3). */
  subjectToken(member: VaultMember, leaseId: string): Promise<{ token: string; type: string }>;
  /** A bearer token for the My Account API on behalf of the subject. */
  myAccountToken(member: VaultMember): Promise<string>;
  /** What names one of several accounts of a connection; null where the vault needs no word for it. */
  hintOf(
    account: Pick<Account, 'workspaceId' | 'memberId' | 'connection' | 'vaultId'>,
  ): Promise<string | null>;
  /** Scopes to ask for when an account is connected, of those the catalog needs. */
  connectScopes(connection: string, scopes: readonly string[]): readonly string[];
  /** Scopes to ask for, and to insist on, in an exchange. */
  exchangeScopes(connection: string, scopes: readonly string[]): readonly string[];
  /** Whether removing an account there revokes it at the provider, too. */
  readonly revokes: boolean;
}

/** Who signed in at a tenant, from a validated ID token, and the refresh token that came with it. */
export interface SignedIn {
  readonly subject: string;
  readonly name: string;
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly refreshToken: string;
}

/** What ties a sign-in at a tenant to one browser (OpenID Connect Core §3.1.2.1, RFC 7636). */
export interface LoginFlow {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Universal Login of a tenant. */
export interface TenantLogin {
  /** The tenant as people know it: its host. */
  readonly domain: string;
  /** @throws DeskError `vault_unreachable`, `vault_misconfigured` */
  start(flow: LoginFlow): Promise<string>;
  /**
   * @param query what the tenant sent back with the browser
   * @throws DeskError `vault_unreachable`, `vault_misconfigured`, `link_unproved`
   */
  finish(query: URLSearchParams, flow: LoginFlow): Promise<SignedIn>;
  /** Has the tenant forget a refresh token (RFC 7009). @throws DeskError as {@link TenantLogin.start} */
  revoke(refreshToken: string): Promise<void>;
}

/** How members are linked to the subjects of a tenant; given by main. */
export interface Linking {
  readonly login: TenantLogin;
  /** Asks for the approval of a link to another subject than before, in the transaction that knows of it. */
  readonly askToRelink: (tx: Transaction, request: ConnectRequest) => Promise<void>;
  /** Voids what waits under the old link, in the transaction that replaces it. */
  readonly onMoved: (tx: Transaction, member: Pick<VaultMember, 'workspaceId' | 'memberId'>) => Promise<void>;
  /**
   * A member is linked, in the transaction that says so: their own device at the tenant may be asked from then on.
   * `fresh` = they were not linked to this very identity before.
   */
  readonly onLinked: (tx: Transaction, member: VaultMember & { readonly fresh: boolean }) => Promise<void>;
  /** Tells the member and the admins. */
  readonly announce: (
    tx: Transaction,
    news: { workspaceId: string; memberId: string; text: string; adminText: string },
  ) => Promise<void>;
}

/** How much is asked at a consent: a read never asks for the right to write. */
export type ScopeLevel = 'read' | 'all';

export interface VaultDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly keyring: Keyring;
  readonly vault: VaultConnection;
  /** null = the embedded vault, which knows members by their Slack ids. */
  readonly linking: Linking | null;
  readonly publicUrl: string;
  /** Where a provider host really is: the host itself, or the base URL that replaces it. */
  readonly resolveHost: (host: string) => string;
  /** The scopes a connection needs for what only reads, or for the whole catalog. */
  readonly scopesOf: (connection: string, level: ScopeLevel) => readonly string[];
  readonly now: () => Date;
  /** Tells the member, or the admins when the member has left, in the same transaction; given by main. */
  readonly onAccountChange: (
    tx: Transaction,
    change: {
      workspaceId: string;
      memberId: string;
      requestId: string | null;
      text: string;
      toAdmins?: boolean;
    },
  ) => Promise<void>;
}
