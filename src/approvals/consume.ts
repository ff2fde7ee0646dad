import { digestOf } from '../db/canonical.ts';
import type { Transaction } from '../db/client.ts';
import { eq, sql } from '../db/drizzle.ts';
import { approvals } from '../db/schema/calls.ts';
import { DeskError } from '../errors.ts';
import { findClickProblem } from './click.ts';
import type { Approval, ApprovalDeps } from './deps.ts';
import { computeApprovalDigest } from './digest.ts';
import type { Presentation } from './presentation.ts';
import { findStrongProblem } from './strong/verify-stored.ts';

/** The thing an approval has to be of, read and locked by whoever is about to do it. */
export interface ApprovedSubject {
  readonly about:
    | { readonly callId: string }
    | { readonly policyVersionId: string }
    | { readonly linkRequestId: string }
    | { readonly grantId: string };
  readonly workspaceId: string;
  /** Who had to decide. */
  readonly memberId: string;
  /** Computed anew from what is stored. */
  readonly digest: Buffer;
  readonly code: string;
  readonly action: string;
  readonly policyVersion: string;
  /** What the decision of the policy asks. */
  readonly tier: string;
}

/** Why an approval does not let its subject happen. */
export interface ConsumeRefusal {
  readonly error: DeskError;
  /** Rows that contradict each other, not a person who changed their mind. */
  readonly attack: boolean;
}

/**
 * Uses an approval up, in the transaction that does what it approved: decided, proved by a CIBA token, signed by the
 * door, confirmed by a second device where its tier asks it, in time, of this very subject, and never before.
 * @returns null when it holds, and then it is used
 */
export async function consumeApproval(
  tx: Transaction,
  deps: Pick<ApprovalDeps, 'door' | 'keyring' | 'log'>,
  subject: ApprovedSubject,
): Promise<ConsumeRefusal | null> {
  const [found] = await tx
    .select({
      approval: approvals,
      late: sql<boolean>`coalesce(${approvals.executeBy} <= clock_timestamp(), true)`,
    })
    .from(approvals)
    .where(isAbout(subject))
    .for('update');
  if (found === undefined) return attack('there is no approval');
  const { approval, late } = found;
  if (approval.consumedAt !== null) return attack('the approval was used');
  const problem = await findUnapproved(tx, deps, approval, subject);
  if (problem !== null) return problem;
  if (late) return { error: new DeskError('execute_too_late'), attack: false };
  await tx
    .update(approvals)
    .set({ consumedAt: sql`clock_timestamp()` })
    .where(eq(approvals.id, approval.id));
  return null;
}

/**
 * Whether an approval that was used up before still proves that its subject was approved: for what it put into force
 * and what counts ever since.
 * @returns null when it does
 */
export async function findUsedProblem(
  tx: Transaction,
  deps: Pick<ApprovalDeps, 'door' | 'keyring' | 'log'>,
  subject: ApprovedSubject,
): Promise<ConsumeRefusal | null> {
  const [approval] = await tx.select().from(approvals).where(isAbout(subject));
  if (approval === undefined) return attack('there is no approval');
  if (approval.consumedAt === null) return attack('the approval was never used');
  return findUnapproved(tx, deps, approval, subject);
}

function isAbout({ about }: ApprovedSubject) {
  if ('callId' in about) return eq(approvals.callId, about.callId);
  if ('linkRequestId' in about) return eq(approvals.linkRequestId, about.linkRequestId);
  return 'grantId' in about
    ? eq(approvals.grantId, about.grantId)
    : eq(approvals.policyVersionId, about.policyVersionId);
}

/** Decided, proved, clicked and confirmed, and of this subject. */
async function findUnapproved(
  tx: Transaction,
  deps: Pick<ApprovalDeps, 'door' | 'keyring' | 'log'>,
  approval: Approval,
  subject: ApprovedSubject,
): Promise<ConsumeRefusal | null> {
  const problem = findMismatch(approval, subject);
  if (problem !== null) return attack(problem);
  if (approval.status !== 'approved') return attack('it is not approved');
  if (approval.provedAt === null) return attack('the approval is not proved');
  const click = await findClickProblem(deps.door, approval);
  if (click !== null) return attack(click);
  if (approval.tier !== subject.tier) return attack('the tier does not fit');
  if (approval.tier !== 'approve_strong') return null;
  const unproved = await findStrongProblem(tx, deps, approval);
  return unproved === null ? null : { error: refuse(unproved.reason), attack: unproved.attack };
}

/** Whether an approval is of this subject: what was shown, to whom, at which tier, under which policy, until when. */
function findMismatch(approval: Approval, subject: ApprovedSubject): string | null {
  const presentation = approval.presentation as Presentation;
  if (!digestOf(presentation).equals(approval.presentationHash))
    return 'what was shown does not fit its hash';
  if (presentation.code !== subject.code || presentation.action !== subject.action)
    return 'what was shown is something else';
  const expected = computeApprovalDigest({
    subjectDigest: subject.digest,
    tier: approval.tier,
    issuer: approval.issuer,
    approver: `${subject.workspaceId}/${subject.memberId}`,
    policyVersion: approval.policyVersion,
    expiresAt: approval.expiresAt,
    presentationHash: approval.presentationHash,
  });
  if (!expected.equals(approval.digest)) return 'approval does not fit its digest';
  return approval.policyVersion === subject.policyVersion ? null : 'approval is of another policy version';
}

function refuse(reason: string): DeskError {
  return new DeskError('claim_refused', { reason });
}

function attack(reason: string): ConsumeRefusal {
  return { error: refuse(reason), attack: true };
}
