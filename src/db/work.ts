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
