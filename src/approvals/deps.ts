import type { Database, Transaction } from '../db/client.ts';
import type { Jobs } from '../db/jobs.ts';
import type { approvals } from '../db/schema/calls.ts';
import type { Signer } from '../db/signing-keys.ts';
import type { Log } from '../telemetry.ts';
import type { CibaClient } from './ciba-client.ts';

export type Approval = typeof approvals.$inferSelect;

export interface ApprovalDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly log: Log;
  readonly ciba: CibaClient;
  /** The Slack door's key: signs what a person clicked. */
  readonly door: Signer;
  /**
   * What a final state means for the thing approved; runs in the same transaction. Given by main, because
   * this room does not know calls.
   */
  readonly onDecided: (tx: Transaction, approval: Approval) => Promise<void>;
}
