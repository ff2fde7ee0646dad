import { writeCode } from '../../approvals/code.ts';
import type { Approval, ApprovalDeps } from '../../approvals/deps.ts';
import { createApproval } from '../../approvals/request.ts';
import { strongTierProblem } from '../../approvals/strong/relying-party.ts';
import type { Transaction } from '../../db/client.ts';
import { nameActor } from '../versions/audit-names.ts';
import type { PolicyVersion } from '../versions/types.ts';
import { digestVersion, nameBase } from './digest.ts';
import { presentChange } from './present.ts';

export interface ChangeRequestDeps {
  readonly approvals: Pick<ApprovalDeps, 'ciba' | 'publicUrl'>;
  /** Seconds an approval stays open. */
  readonly approvalSeconds: number;
  /** Has the card posted to the one who decides, in the transaction that asks. */
  readonly postCard: (tx: Transaction, approval: Approval) => Promise<void>;
}

/**
 * Asks for the approval of a pending version, in the transaction that stores it. Its author decides, at the strong
 * tier; with one click only where passkeys cannot be used at all.
 */
export async function requestChangeApproval(
  tx: Transaction,
  deps: ChangeRequestDeps,
  version: PolicyVersion,
): Promise<void> {
  const { workspaceId, author } = version;
  const digest = digestVersion(version);
  const code = writeCode(digest);
  const tier = strongTierProblem(deps.approvals.publicUrl) === null ? 'approve_strong' : 'approve';
  const approval = await createApproval(tx, {
    workspaceId,
    memberId: author,
    about: { kind: 'policy', policyVersionId: version.id },
    subjectDigest: digest,
    actor: nameActor(author),
    tier,
    issuer: deps.approvals.ciba.issuer,
    subject: `slack|${workspaceId}|${author}`,
    code,
    presentation: presentChange(version, code, tier),
    policyVersion: nameBase(version),
    seconds: deps.approvalSeconds,
  });
  await deps.postCard(tx, approval);
}
