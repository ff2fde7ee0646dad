import type { Database, Transaction } from '../db/client.ts';
import type { Jobs } from '../db/jobs.ts';
import type { approvals } from '../db/schema/calls.ts';
import type { Keyring } from '../db/seal.ts';
import type { Signer } from '../db/signing-keys.ts';
import type { Log } from '../telemetry.ts';
import type { CibaClient } from './ciba-client.ts';
import type { TenantCiba } from './strong/tenant/types.ts';

export type Approval = typeof approvals.$inferSelect;

/** An approval of a call, with the turn that waits for it. */
export type CallApproval = Approval & {
  readonly kind: 'call';
  readonly callId: string;
  readonly turnId: string;
  readonly conversationId: string;
};

export function isCallApproval(approval: Approval): approval is CallApproval {
  return (
    approval.kind === 'call' &&
    approval.callId !== null &&
    approval.turnId !== null &&
    approval.conversationId !== null
  );
}

/** A second device was made, removed or vouched for. */
export interface FactorNews {
  readonly workspaceId: string;
  /** Whose it is. */
  readonly memberId: string;
  /** Said to the member. */
  readonly text: string;
  /** Said to every admin but the member. */
  readonly adminText: string;
}

/** Asking a member's own device at a tenant. */
export interface DeviceDeps {
  readonly ciba: TenantCiba;
  /** Has the card of an approval drawn anew, after what it shows was stored. @param mark what changed */
  readonly redraw: (approval: Approval, mark: string) => Promise<void>;
}

/** What the strong tier needs: second devices, and what they confirm. */
export interface StrongDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly log: Log;
  readonly keyring: Keyring;
  /** Where our pages are; a passkey belongs to its host. */
  readonly publicUrl: string;
  /** null where there is no tenant: then a passkey is the second device. */
  readonly device: DeviceDeps | null;
  /** Tells a member and the workspace's admins of a change to a second device, in the transaction that makes it. */
  readonly announce: (tx: Transaction, news: FactorNews) => Promise<void>;
}

export interface ApprovalDeps extends StrongDeps {
  readonly ciba: CibaClient;
  /** The Slack door's key: signs what a person clicked. */
  readonly door: Signer;
  /**
   * What a final state means for the thing approved; runs in the same transaction. Given by main, because
   * this room does not know calls.
   */
  readonly onDecided: (tx: Transaction, approval: Approval) => Promise<void>;
}
