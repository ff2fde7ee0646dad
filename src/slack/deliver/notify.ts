import { createHash, randomUUID } from 'node:crypto';
import type { Transaction } from '../../db/client.ts';
import { and, eq } from '../../db/drizzle.ts';
import type { Jobs } from '../../db/jobs.ts';
import { outbox } from '../../db/schema/conversations.ts';
import { noticeToAdmins } from './announce.ts';
import { dmOf, enqueueOutgoing } from './enqueue.ts';

interface AccountChange {
  readonly workspaceId: string;
  readonly memberId: string;
  readonly requestId: string | null;
  readonly text: string;
  /** Told to the admins instead: the member has left. */
  readonly toAdmins?: boolean;
}

/**
 * Tells a member of a change to their accounts, in the transaction that makes it: the connect card is drawn anew
 * where one was posted, otherwise a direct message says it.
 */
export async function notifyMember(
  tx: Transaction,
  jobs: Pick<Jobs, 'wake'>,
  change: AccountChange,
): Promise<void> {
  const { workspaceId, memberId, requestId, text } = change;
  if (change.toAdmins === true) {
    await enqueueOutgoing(tx, jobs, [noticeToAdmins(workspaceId, `account:${randomUUID()}`, text)]);
    return;
  }
  const key = `connect:${requestId ?? ''}`;
  const [card] = await tx
    .select()
    .from(outbox)
    .where(and(eq(outbox.workspaceId, workspaceId), eq(outbox.key, key)));
  if (card !== undefined && requestId !== null) {
    await enqueueOutgoing(tx, jobs, [
      {
        workspaceId,
        channel: card.channel,
        threadTs: card.threadTs,
        key: `${key}:changed:${createHash('sha256').update(text).digest('hex').slice(0, 8)}`,
        kind: 'update',
        targetKey: key,
        payload: { type: 'connect', requestId },
      },
    ]);
    return;
  }
  await enqueueOutgoing(tx, jobs, [
    {
      workspaceId,
      channel: dmOf(memberId),
      threadTs: null,
      key: `account:${requestId ?? randomUUID()}`,
      kind: 'post',
      payload: { type: 'notice', text },
    },
  ]);
}
