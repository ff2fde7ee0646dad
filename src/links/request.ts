import { writeCode } from '../approvals/code.ts';
import type { Approval, ApprovalDeps } from '../approvals/deps.ts';
import { createApproval } from '../approvals/request.ts';
import { readAskTier } from '../approvals/strong/choose-device.ts';
import type { Transaction } from '../db/client.ts';
import { DeskError } from '../errors.ts';
import { describeWho } from '../vault/accounts/link/make.ts';
import { readSignedIn } from '../vault/accounts/link/session.ts';
import { findSubject } from '../vault/accounts/members.ts';
import type { ConnectRequest, VaultDeps } from '../vault/deps.ts';
import { digestLink } from './digest.ts';
import { presentRelink, RELINK_POLICY } from './present.ts';

export interface RelinkDeps {
  readonly approvals: ApprovalDeps;
  readonly vault: VaultDeps;
  /** Seconds an approval stays open. */
  readonly approvalSeconds: number;
  /** Has the card posted to the one who decides, in the transaction that asks. */
  readonly postCard: (tx: Transaction, approval: Approval) => Promise<void>;
}

/**
 * Asks for the approval of another link, in the transaction that knows of it. The member decides, at the strong tier:
 * a Slack session alone never chooses who its member is. With one click only where passkeys cannot be used at all.
 */
export async function requestRelinkApproval(
  tx: Transaction,
  deps: RelinkDeps,
  request: ConnectRequest,
): Promise<void> {
  const { workspaceId, memberId } = request;
  const signedIn = readSignedIn(deps.vault, request);
  const linked = await findSubject(tx, workspaceId, memberId, request.connection);
  if (signedIn === null || linked === null) throw new DeskError('connect_expired');
  const subjectDigest = digestLink(request);
  const code = writeCode(subjectDigest);
  const tier = readAskTier(deps.approvals);
  const approval = await createApproval(tx, {
    workspaceId,
    memberId,
    about: { kind: 'relink', linkRequestId: request.id },
    subjectDigest,
    actor: `member:${memberId}`,
    tier,
    issuer: deps.approvals.ciba.issuer,
    subject: `slack|${workspaceId}|${memberId}`,
    code,
    presentation: presentRelink({
      code,
      tier,
      domain: new URL(request.connection).host,
      before: linked.subject,
      after: `${describeWho(signedIn)}, ${signedIn.subject}`,
    }),
    policyVersion: RELINK_POLICY,
    seconds: deps.approvalSeconds,
  });
  await deps.postCard(tx, approval);
}
