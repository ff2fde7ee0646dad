import type { Approval, ApprovalDeps } from '../../approvals/deps.ts';
import { writeCode } from '../../approvals/code.ts';
import type { Presentation } from '../../approvals/presentation.ts';
import { createApproval } from '../../approvals/request.ts';
import { append } from '../../audit/append.ts';
import type { Transaction } from '../../db/client.ts';
import { grants } from '../../db/schema/grants.ts';
import { nameActor } from '../versions/audit-names.ts';
import { digestGrant } from './digest.ts';
import type { GrantTerms } from './types.ts';

export interface GrantRequestDeps {
  readonly approvals: Pick<ApprovalDeps, 'ciba'>;
  /** Seconds an approval stays open. */
  readonly approvalSeconds: number;
  /** Has the card posted to the one who decides, in the transaction that asks. */
  readonly postCard: (tx: Transaction, approval: Approval) => Promise<void>;
}

/**
 * Stores a grant that counts for nothing yet, and asks its member to approve it at the tier it is to replace.
 * @param present what they are shown, made for the grant's code
 */
export async function requestGrant(
  tx: Transaction,
  deps: GrantRequestDeps,
  terms: Omit<GrantTerms, 'code'>,
  present: (code: string) => Presentation,
): Promise<Approval> {
  const digest = digestGrant(terms);
  const code = writeCode(digest);
  const { workspaceId, memberId, maxUses, expiresAt } = terms;
  await tx.insert(grants).values({ ...terms, code, status: 'pending' });
  await append(tx, {
    workspaceId,
    type: 'grant.proposed',
    actor: nameActor(memberId),
    memberId,
    agent: terms.agent,
    action: terms.action,
    target: terms.sentence,
    outcome: 'pending',
    call: { id: null, code },
    detail: {
      grant: terms.id,
      tier: terms.tier,
      max_uses: maxUses,
      expires_at: expiresAt,
      from: terms.callId,
    },
  });
  const approval = await createApproval(tx, {
    workspaceId,
    memberId,
    about: { kind: 'grant', grantId: terms.id },
    subjectDigest: digest,
    actor: nameActor(memberId),
    tier: terms.tier,
    issuer: deps.approvals.ciba.issuer,
    // The authority knows members by this name, whoever the vault's subject is.
    subject: `slack|${workspaceId}|${memberId}`,
    code,
    presentation: present(code),
    policyVersion: terms.policyVersion,
    seconds: deps.approvalSeconds,
  });
  await deps.postCard(tx, approval);
  return approval;
}
