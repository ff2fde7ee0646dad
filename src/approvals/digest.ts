import { digestOf } from '../db/canonical.ts';

/** Everything an approval commits to; what CIBA carries and the authority signs (design §2). */
export interface ApprovalTerms {
  /** Digest of the thing approved, a call's for example. */
  readonly subjectDigest: Buffer;
  readonly tier: string;
  readonly issuer: string;
  /** `workspace/member` of the one who decides. */
  readonly approver: string;
  readonly policyVersion: string;
  readonly expiresAt: Date;
  readonly presentationHash: Buffer;
}

/** sha256 over the canonical terms. */
export function computeApprovalDigest(terms: ApprovalTerms): Buffer {
  return digestOf({
    v: 'agentdesk/approval/1',
    subject_digest: terms.subjectDigest.toString('hex'),
    tier: terms.tier,
    issuer: terms.issuer,
    approver: terms.approver,
    policy_version: terms.policyVersion,
    expires_at: terms.expiresAt.toISOString(),
    presentation_hash: terms.presentationHash.toString('hex'),
  });
}
