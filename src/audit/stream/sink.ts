import type { AuditRecord } from '../event.ts';
import type { PostProblem } from '../post.ts';

/** Sealed events of one log, in its order. */
export interface Batch {
  readonly workspaceId: string;
  /** The log's origin, as its checkpoints name it. */
  readonly origin: string;
  /** Index of the first leaf it stands for, and of the first after it; events may be lacking between. */
  readonly from: number;
  readonly to: number;
  readonly events: readonly AuditRecord[];
}

/** A way out of the house. */
export interface Sink {
  readonly name: 'webhook' | 'stdout';
  /** @returns null when all of it was taken */
  send(batch: Batch): Promise<PostProblem | null>;
}

/** How an event is written for others: ours (docs/audit-format.md), or OCSF's (docs/audit-events.md). */
export type StreamFormat = 'agentdesk' | 'ocsf';
