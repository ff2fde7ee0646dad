import type { Transaction } from './client.ts';
import type { Jobs } from './jobs.ts';
import { inbox } from './schema/conversations.ts';

export interface Work {
  readonly workspaceId: string;
  readonly conversationId: string;
  readonly turnId: string;
  readonly kind: 'turn' | 'resume' | 'cancel';
}

/** Asks the conversation's worker for something: a row that says what, and a job that wakes it, in one transaction. */
export async function enqueueWork(tx: Transaction, jobs: Pick<Jobs, 'wake'>, work: Work): Promise<void> {
  await tx.insert(inbox).values(work);
  await jobs.wake(tx, 'conversation', work.conversationId);
}

/** Has a member's Home tab drawn anew, in the transaction of what it shows; nothing happens when they never opened it. */
export async function wakeHome(
  tx: Transaction,
  jobs: Pick<Jobs, 'wake'>,
  { workspaceId, memberId }: { readonly workspaceId: string; readonly memberId: string },
): Promise<void> {
  await jobs.wake(tx, 'home', `${workspaceId}/${memberId}`);
}
