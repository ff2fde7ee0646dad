import { findAction } from '../actions/catalog.ts';
import { writeCode } from '../approvals/code.ts';
import { toCanonicalBytes } from '../db/canonical.ts';
import { DeskError } from '../errors.ts';
import type { PolicyCall } from '../policy/types.ts';
import { findDecisionProblem } from './decision-seal.ts';
import type { Call, CallDeps } from './deps.ts';
import { computeCallDigest, hashDeclaration } from './digest.ts';

/**
 * Whether a stored call still is what was proposed, and decided as it was: its digest is computed anew from the stored
 * bytes, and the decision's seal is checked.
 * @returns what does not fit, or null
 */
export function findCallProblem(deps: Pick<CallDeps, 'keyring'>, call: Call): string | null {
  const action = findAction(call.action);
  if (action === undefined) return 'the action no longer exists';
  if (!hashDeclaration(action).equals(call.declarationHash))
    return 'the action was declared differently when it was proposed';
  if (!isCanonical(call.args)) return 'stored arguments are not canonical';
  if (!computeCallDigest(call).equals(call.digest)) return 'stored call does not fit its digest';
  if (writeCode(call.digest) !== call.code) return 'code does not fit the digest';
  if (!isAbout(call.policyCall as PolicyCall, call)) return 'the policy was asked about another call';
  const decision = findDecisionProblem(deps, call);
  if (decision !== null) return decision;
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
