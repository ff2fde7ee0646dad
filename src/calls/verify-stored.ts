import { findAction } from '../actions/catalog.ts';
import type { Approval } from '../approvals/deps.ts';
import { computeApprovalDigest } from '../approvals/digest.ts';
import type { Presentation } from '../approvals/presentation.ts';
import { digestOf, toCanonicalBytes } from '../db/canonical.ts';
import { DeskError } from '../errors.ts';
import type { PolicyCall } from '../policy/types.ts';
import type { Call } from './deps.ts';
import { computeCallDigest, hashDeclaration, writeCode } from './digest.ts';

/**
 * Whether a stored call still is what was proposed: its digest is computed anew from the stored bytes.
 * @returns what does not fit, or null
 */
export function findCallProblem(call: Call): string | null {
  const action = findAction(call.action);
  if (action === undefined) return 'the action no longer exists';
  if (!hashDeclaration(action).equals(call.declarationHash))
    return 'the action was declared differently when it was proposed';
  if (!isCanonical(call.args)) return 'stored arguments are not canonical';
  if (!computeCallDigest(call).equals(call.digest)) return 'stored call does not fit its digest';
  if (writeCode(call.digest) !== call.code) return 'code does not fit the digest';
  if (!isAbout(call.policyCall as PolicyCall, call)) return 'the policy was asked about another call';
  if (call.settledAt !== null) return 'it was settled before';
  return null;
}

/** A stored policy question about something milder would have the claim ask the wrong thing. */
function isAbout(asked: PolicyCall, call: Call): boolean {
  return (
    asked.action === call.action &&
    asked.agent === call.agent &&
    asked.member.id === call.memberId &&
    asked.member.workspaceId === call.workspaceId &&
    asked.account.connection === call.connection &&
    asked.account.label === call.accountLabel
  );
}

/** Bytes that are no JSON at all, or hold what has no canonical form, are not canonical either. */
function isCanonical(bytes: Buffer): boolean {
  try {
    return toCanonicalBytes(JSON.parse(bytes.toString('utf8'))).equals(bytes);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof DeskError) return false;
    throw error;
  }
}

/** The same for an approval: what was shown, to whom, at which tier, under which policy, until when. */
export function findApprovalProblem(approval: Approval, call: Call): string | null {
  const presentation = approval.presentation as Presentation;
  if (!digestOf(presentation).equals(approval.presentationHash))
    return 'what was shown does not fit its hash';
  if (presentation.code !== call.code || presentation.action !== call.action)
    return 'what was shown is another call';
  const expected = computeApprovalDigest({
    subjectDigest: call.digest,
    tier: approval.tier,
    issuer: approval.issuer,
    approver: `${call.workspaceId}/${call.memberId}`,
    policyVersion: approval.policyVersion,
    expiresAt: approval.expiresAt,
    presentationHash: approval.presentationHash,
  });
  if (!expected.equals(approval.digest)) return 'approval does not fit its digest';
  if (approval.policyVersion !== call.policyVersion) return 'approval is of another policy version';
  return null;
}
