import type { Database } from '../db/client.ts';
import type { Jobs } from '../db/jobs.ts';
import type { calls } from '../db/schema/calls.ts';
import type { turns } from '../db/schema/conversations.ts';
import type { Keyring } from '../db/seal.ts';
import type { ApprovalDeps } from '../approvals/deps.ts';
import type { PolicyStore } from '../policy/head.ts';
import type { Telemetry } from '../telemetry-types.ts';
import type { Log } from '../telemetry.ts';
import type { VaultDeps } from '../vault/deps.ts';

export type Call = typeof calls.$inferSelect;
export type Turn = typeof turns.$inferSelect;

/** What Slack says of a member, now. */
export interface MemberProfile {
  readonly name: string;
  readonly email: string | null;
  /** IANA zone. */
  readonly timeZone: string;
  readonly role: 'admin' | 'member' | 'guest';
  /** Ids of the Slack user groups they are in; null when Slack did not say. */
  readonly groups: readonly string[] | null;
  /** The workspace's own e-mail domains. */
  readonly ownDomains: readonly string[];
}

export interface CallDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly keyring: Keyring;
  readonly now: () => Date;
  readonly policies: PolicyStore;
  readonly approvals: ApprovalDeps;
  readonly vault: VaultDeps;
  /** True when the member's subject is made by us (embedded vault). */
  readonly embeddedVault: boolean;
  /** Seconds an approval stays open. */
  readonly approvalSeconds: number;
  readonly describeMember: (workspaceId: string, memberId: string) => Promise<MemberProfile>;
}
