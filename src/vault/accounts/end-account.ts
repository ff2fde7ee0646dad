import { append } from '../../audit/append.ts';
import type { Transaction } from '../../db/client.ts';
import { and, eq, ne, sql } from '../../db/drizzle.ts';
import { accounts, revocations } from '../../db/schema/workspaces.ts';
import { wakeHome } from '../../db/work.ts';
import type { Account, VaultDeps } from '../deps.ts';
import type { Subject } from './members.ts';

/**
 * Ends an account here, so that no claim can use it any more, and asks for its revocation, in one transaction. The row
 * is locked by every claim: one that had begun is finished or finds it ended.
 * @param actor as the audit names who did it
 */
export async function endAccount(
  tx: Transaction,
  deps: Pick<VaultDeps, 'jobs'>,
  account: Account,
  { issuer, subject }: Subject,
  actor: string,
): Promise<void> {
  const { id, workspaceId, memberId, connection, label } = account;
  const ended = await tx
    .update(accounts)
    .set({ status: 'disconnected', disconnectedAt: sql`clock_timestamp()` })
    .where(and(eq(accounts.id, id), ne(accounts.status, 'disconnected')))
    .returning({ id: accounts.id });
  await tx
    .insert(revocations)
    .values({ accountId: id, workspaceId, memberId, issuer, subject, actor })
    .onConflictDoNothing();
  if (ended.length === 0) return;
  await append(tx, {
    workspaceId,
    type: 'account.disconnected',
    actor,
    memberId,
    target: connection,
    outcome: 'disconnected',
    detail: { label },
  });
  await wakeHome(tx, deps.jobs, account);
}
