import { DeskError } from '../../errors.ts';
import type { Account, VaultDeps } from '../deps.ts';
import { nameService } from '../exchange-refusal.ts';
import { endAccount } from './end-account.ts';
import { findSubject } from './members.ts';
import { revokeAccount, type Revoked } from './revoke.ts';

/**
 * Disconnects an account: first here, so that no claim can use it any more, then at the vault and the provider.
 * @returns whether the provider confirmed the revocation, did not, or is told again later
 * @throws DeskError `account_missing`
 */
export async function disconnectAccount(deps: VaultDeps, account: Account, actor: string): Promise<Revoked> {
  const { workspaceId, memberId } = account;
  const subject = await findSubject(deps.database.db, workspaceId, memberId, deps.vault.issuer);
  if (subject === null) throw new DeskError('account_missing', { service: nameService(account.connection) });
  await deps.database.transaction((tx) => endAccount(tx, deps, account, subject, actor));
  return revokeAccount(deps, account.id);
}
