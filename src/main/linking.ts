import type { Approval } from '../approvals/deps.ts';
import { enrolIdentity } from '../approvals/strong/tenant/link-factor.ts';
import type { CallDeps } from '../calls/deps.ts';
import type { Transaction } from '../db/client.ts';
import { cancelOfOldLink } from '../links/on-moved.ts';
import { requestRelinkApproval } from '../links/request.ts';
import type { Linking, TenantLogin } from '../vault/deps.ts';

/**
 * What linking needs beyond the vault: approvals and announcements, tied together here, so that the rooms do not know
 * each other.
 * @param deps asked when it is used: the vault's own dependencies are among them
 */
export function createLinking(
  deps: () => CallDeps,
  login: TenantLogin,
  desk: { readonly postCard: (tx: Transaction, approval: Approval) => Promise<void> },
): Linking {
  return {
    login,
    askToRelink: (tx, request) => {
      const { approvals, vault, approvalSeconds } = deps();
      return requestRelinkApproval(
        tx,
        { approvals, vault, approvalSeconds, postCard: desk.postCard },
        request,
      );
    },
    onMoved: (tx, member) => cancelOfOldLink(tx, deps().approvals, member),
    onLinked: (tx, member) => {
      const { approvals, vault } = deps();
      return enrolIdentity(tx, approvals, { ...member, issuer: vault.vault.issuer, domain: login.domain });
    },
    announce: (tx, news) => deps().approvals.announce(tx, news),
  };
}
