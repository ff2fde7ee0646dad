import type { Database } from '../../db/client.ts';
import { and, eq, ne } from '../../db/drizzle.ts';
import { accounts } from '../../db/schema/workspaces.ts';
import { DeskError } from '../../errors.ts';
import type { VaultConnection } from '../deps.ts';

/**
 * A tenant wants a `login_hint` only of a subject with several accounts of a connection, and takes the provider's own
 * id of the account for it. Without one it would choose by itself, so then nothing is exchanged.
 * https://auth0.com/docs: Token Vault, get a token
 */
export function createAccountHint(database: Database): VaultConnection['hintOf'] {
  return async (account) => {
    const all = await database.db
      .select({ id: accounts.id, vaultId: accounts.vaultId, providerId: accounts.providerId })
      .from(accounts)
      .where(
        and(
          eq(accounts.workspaceId, account.workspaceId),
          eq(accounts.memberId, account.memberId),
          eq(accounts.connection, account.connection),
          ne(accounts.status, 'disconnected'),
        ),
      );
    if (all.every(({ vaultId }) => vaultId === account.vaultId)) return null;
    const own = all.find(({ vaultId }) => vaultId === account.vaultId)?.providerId ?? null;
    if (own !== null) return own;
    throw new DeskError('vault_misconfigured', {
      problem:
        'there are several accounts of this service and it is not known which is which; disconnect all but one',
    });
  };
}
