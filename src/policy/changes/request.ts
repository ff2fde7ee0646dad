import { writeCode } from '../../approvals/code.ts';
import type { Approval, ApprovalDeps } from '../../approvals/deps.ts';
import { createApproval } from '../../approvals/request.ts';
import { readAskTier } from '../../approvals/strong/choose-device.ts';
import type { Transaction } from '../../db/client.ts';
import { nameActor } from '../versions/audit-names.ts';
import type { PolicyVersion } from '../versions/types.ts';
import { digestVersion, nameBase } from './digest.ts';
import { presentChange } from './present.ts';

export interface ChangeRequestDeps {
  readonly approvals: Pick<ApprovalDeps, 'ciba' | 'publicUrl' | 'device'>;
  /** Seconds an approval stays open. */
  readonly approvalSeconds: number;
  /** Has the card posted to the one who decides, in the transaction that asks. */
  readonly postCard: (tx: Transaction, approval: Approval) => Promise<void>;
}

/**
 * Asks for the approval of a pending version, in the transaction that stores it. Its author decides, at the strong
 * tier; with one click only where there are no second devices at all.
 * @param approver who decides when not the author: the admin who takes up what an operator proposed
 */
export async function requestChangeApproval(
  tx: Transaction,
  deps: ChangeRequestDeps,
  version: PolicyVersion,
  approver: string = version.author,
): Promise<void> {
  const { workspaceId } = version;
  const digest = digestVersion(version);
  const code = writeCode(digest);
  const tier = readAskTier(deps.approvals);
  const approval = await createApproval(tx, {
    workspaceId,
    memberId: approver,
    about: { kind: 'policy', policyVersionId: version.id },
    subjectDigest: digest,
    actor: nameActor(version.author),
    tier,
    issuer: deps.approvals.ciba.issuer,
    subject: `slack|${workspaceId}|${approver}`,
    code,
    presentation: presentChange(version, code, tier),
    policyVersion: nameBase(version),
    seconds: deps.approvalSeconds,
  });
  await deps.postCard(tx, approval);
}
