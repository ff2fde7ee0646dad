import type { Transaction } from '../../db/client.ts';
import type { Jobs } from '../../db/jobs.ts';
import { outbox } from '../../db/schema/conversations.ts';
import type { Payload } from './payload.ts';

export interface Outgoing {
  readonly workspaceId: string;
  /** A channel, or {@link dmOf} a member. */
  readonly channel: string;
  readonly threadTs: string | null;
  /** Names the message for good: the same key is never posted twice. */
  readonly key: string;
  readonly kind: 'post' | 'update' | 'status';
  /** For an update: the key of the message it changes. */
  readonly targetKey?: string;
  readonly payload: Payload;
}

/** The member's direct message, whose channel is looked up when something is sent there. */
export function dmOf(memberId: string): string {
  return `@${memberId}`;
}

/** Writes what has to be said, once by key, and wakes the sender of its channel. */
export async function enqueueOutgoing(
  tx: Transaction,
  jobs: Pick<Jobs, 'wake'>,
  rows: readonly Outgoing[],
): Promise<void> {
  if (rows.length === 0) return;
  const fresh = await tx
    .insert(outbox)
    .values([...rows])
    .onConflictDoNothing()
    .returning({ workspaceId: outbox.workspaceId, channel: outbox.channel });
  for (const key of new Set(fresh.map((row) => `${row.workspaceId}/${row.channel}`))) {
    await jobs.wake(tx, 'deliver', key);
  }
}
