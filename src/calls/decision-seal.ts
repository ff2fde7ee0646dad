import { toCanonicalBytes } from '../db/canonical.ts';
import type { Call, CallDeps } from './deps.ts';

/** What the policy said of a call, and what it was asked. */
type Decided = Pick<Call, 'digest' | 'outcome' | 'policyCall' | 'policyVersion' | 'rules'>;

type SealDeps = Pick<CallDeps, 'keyring'>;

/**
 * A keyed hash that ties the policy's decision to the call it was made for. The call's digest holds what runs, not
 * whether a person has to be asked; without this, whoever can write to the database could turn a call that waits, or
 * was denied, into one that is allowed.
 */
export function sealDecision(deps: SealDeps, decided: Decided): Buffer {
  return deps.keyring.mac('call-decision', describeDecision(decided));
}

/** @returns why a row's decision is not one that we made, or null */
export function findDecisionProblem(
  deps: SealDeps,
  call: Decided & Pick<Call, 'decisionSeal'>,
): string | null {
  // Rows from before decisions were sealed cannot be told from rows whose seal was taken away. Such a call lives for
  // minutes, so it is asked for again.
  if (call.decisionSeal === null) return 'its policy decision carries no seal; ask again';
  return deps.keyring.isMac('call-decision', describeDecision(call), call.decisionSeal)
    ? null
    : 'its policy decision is not the one that was made';
}

function describeDecision({ digest, outcome, policyCall, policyVersion, rules }: Decided): Buffer {
  return toCanonicalBytes({
    v: 'agentdesk/decision/1',
    call: digest.toString('hex'),
    outcome,
    // As the database gives it back: without what is undefined.
    policy_call: JSON.parse(JSON.stringify(policyCall)) as unknown,
    policy_version: policyVersion,
    rules: JSON.parse(JSON.stringify(rules)) as unknown,
  });
}
