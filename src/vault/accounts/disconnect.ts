import { append } from '../../audit/append.ts';
import { and, eq, ne, sql } from '../../db/drizzle.ts';
import { accounts } from '../../db/schema/workspaces.ts';
import { wakeHome } from '../../db/work.ts';
import { DeskError } from '../../errors.ts';
import type { Account, VaultDeps } from '../deps.ts';
import { nameService } from '../exchange.ts';
import { openLease } from '../leases.ts';
import { findSubject } from './members.ts';
import { deleteAccount } from './my-account.ts';

/**
 * Disconnects an account: first here, so that no claim can use it any more, then at the vault and the provider.
 * @returns whether the provider confirmed the revocation
 * @throws DeskError `account_missing`; `vault_unreachable` when the vault does not answer (the account is already
 *   unusable here; repeat to revoke)
 */
export async function disconnectAccount(deps: VaultDeps, account: Account, actor: string): Promise<boolean> {
  const subject = await findSubject(deps.database.db, account.workspaceId, account.memberId);
  if (subject === null) throw new DeskError('account_missing', { service: nameService(account.connection) });
  await deps.database.transaction(async (tx) => {
    await tx
      .update(accounts)
      .set({ status: 'disconnected', disconnectedAt: sql`clock_timestamp()` })
      .where(and(eq(accounts.id, account.id), ne(accounts.status, 'disconnected')));
    await wakeHome(tx, deps.jobs, account);
  });
  const lease = await openLease(deps, {
    kind: 'disconnect',
    account,
    issuer: subject.issuer,
    subject: subject.subject,
    action: 'account.disconnect',
    scopes: [],
    rules: [],
    call: null,
    turnId: null,
    traceId: null,
    seconds: 60,
  });
  let revoked = false;
  try {
    revoked = await deleteAccount(deps.vault, subject.subject, account.vaultId, lease.id);
  } finally {
    await lease.end();
    await deps.database.transaction((tx) =>
      append(tx, {
        workspaceId: account.workspaceId,
        type: 'account.disconnected',
        actor,
        memberId: account.memberId,
        target: account.connection,
        outcome: revoked ? 'revoked' : 'not_revoked_at_provider',
        detail: { label: account.label, lease: lease.id },
      }),
    );
  }
  return revoked;
}
