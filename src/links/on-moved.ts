import type { ApprovalDeps } from '../approvals/deps.ts';
import { endPending } from '../approvals/expire.ts';
import type { Transaction } from '../db/client.ts';
import { and, eq } from '../db/drizzle.ts';
import { approvals } from '../db/schema/calls.ts';

/** Cancels what waits for a member's approval: it was asked of who they were before. */
export async function cancelOfOldLink(
  tx: Transaction,
  deps: Pick<ApprovalDeps, 'onDecided'>,
  { workspaceId, memberId }: { readonly workspaceId: string; readonly memberId: string },
): Promise<void> {
  const open = await tx
    .select({ id: approvals.id })
    .from(approvals)
    .where(
      and(
        eq(approvals.workspaceId, workspaceId),
        eq(approvals.memberId, memberId),
        eq(approvals.status, 'pending'),
      ),
    );
  await endPending(
    tx,
    deps,
    open.map(({ id }) => id),
    'cancelled',
    'desk',
  );
}
