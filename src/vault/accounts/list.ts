import type { Database } from '../../db/client.ts';
import { and, desc, eq, ne } from '../../db/drizzle.ts';
import { accounts } from '../../db/schema/workspaces.ts';
import type { Account } from '../deps.ts';

/** A member's accounts that are not disconnected, newest first. */
export async function listAccounts(
  database: Database,
  workspaceId: string,
  memberId: string,
): Promise<Account[]> {
  return database.db
    .select()
    .from(accounts)
    .where(
      and(
        eq(accounts.workspaceId, workspaceId),
        eq(accounts.memberId, memberId),
        ne(accounts.status, 'disconnected'),
      ),
    )
    .orderBy(desc(accounts.connectedAt));
}

/** The account to use for a connection: the one connected last. */
export async function findAccount(
  database: Database,
  workspaceId: string,
  memberId: string,
  connection: string,
): Promise<Account | null> {
  const all = await listAccounts(database, workspaceId, memberId);
  return all.find((account) => account.connection === connection && account.status === 'connected') ?? null;
}
