import type { Transaction } from '../../db/client.ts';
import { and, eq, isNotNull } from '../../db/drizzle.ts';
import { factors, strongChallenges } from '../../db/schema/factors.ts';
import type { Approval, StrongDeps } from '../deps.ts';
import { computeChallenge } from './challenges.ts';
import { hasOwnSeal } from './factor-seal.ts';
import { findDeviceRequest } from './tenant/open.ts';
import { findProofProblem } from './tenant/seal-proof.ts';
import { Assertion, verifyAssertion } from './webauthn.ts';

/** What does not fit; `attack` when rows were changed, not when a person changed their mind. */
interface StrongProblem {
  readonly reason: string;
  readonly attack: boolean;
}

const attack = (reason: string): StrongProblem => ({ reason, attack: true });

/**
 * Whether a stored confirmation still proves what it says, for the claim.
 * @returns what does not fit, or null
 */
export async function findStrongProblem(
  tx: Transaction,
  deps: Pick<StrongDeps, 'keyring' | 'log'>,
  approval: Approval,
): Promise<StrongProblem | null> {
  if (approval.strongAt === null) return { reason: 'no second device has confirmed it', attack: false };
  const request = await findDeviceRequest(tx, approval.id);
  if (request === null || request.status === 'passkey')
    return findAssertionProblem(tx, deps, approval, approval.strongAt);
  return request.status === 'approved'
    ? findProofProblem(tx, deps, approval, request)
    : attack('the device that was asked did not confirm it');
}

/**
 * A passkey's: the kept answer is over this digest and its nonce, and its signature is checked again. Its row is locked,
 * so that a removal either came before or waits.
 */
async function findAssertionProblem(
  tx: Transaction,
  deps: Pick<StrongDeps, 'keyring' | 'log'>,
  approval: Approval,
  strongAt: Date,
): Promise<StrongProblem | null> {
  const [challenge, other] = await tx
    .select()
    .from(strongChallenges)
    .where(and(eq(strongChallenges.approvalId, approval.id), isNotNull(strongChallenges.assertion)));
  if (challenge === undefined || other !== undefined || challenge.factorId === null)
    return attack('the second device’s answer is not there');
  if (!challenge.challenge.equals(computeChallenge(approval.digest, challenge.nonce)))
    return attack('the second device confirmed something else');
  const [factor] = await tx.select().from(factors).where(eq(factors.id, challenge.factorId)).for('share');
  const isOwn =
    factor !== undefined &&
    factor.workspaceId === approval.workspaceId &&
    factor.memberId === approval.memberId &&
    factor.kind === 'passkey' &&
    factor.countsFrom <= strongAt &&
    hasOwnSeal(deps, factor);
  if (!isOwn) return attack('the passkey is not one that may confirm this');
  if (factor.removedAt !== null)
    return { reason: 'the passkey that confirmed it was removed', attack: false };
  const assertion = Assertion.safeParse(challenge.assertion);
  if (!assertion.success) return attack('the second device’s answer is not readable');
  try {
    // The counter was checked when the answer came; it has moved since.
    await verifyAssertion(challenge, { ...factor, counter: 0 }, assertion.data);
  } catch (error) {
    return attack(`the second device’s answer does not hold: ${error instanceof Error ? error.message : ''}`);
  }
  return null;
}
