import type { Transaction } from '../../../db/client.ts';
import { and, eq, isNull } from '../../../db/drizzle.ts';
import { factors } from '../../../db/schema/factors.ts';
import { links } from '../../../db/schema/workspaces.ts';
import type { Keyring } from '../../../db/seal.ts';
import type { Approval, StrongDeps } from '../../deps.ts';
import { hasOwnSeal } from '../factor-seal.ts';
import { isIdentity } from './link-factor.ts';
import type { DeviceRequest } from './types.ts';

interface Proof {
  readonly digest: Buffer;
  readonly jti: string;
  readonly at: Date;
}

/** What does not fit; `attack` when rows were changed, not when a person changed their mind. */
interface Problem {
  readonly reason: string;
  readonly attack: boolean;
}

const attack = (reason: string): Problem => ({ reason, attack: true });

function placeOf(request: DeviceRequest): string[] {
  const { approvalId, workspaceId, memberId, issuer, subject, factorId } = request;
  return [approvalId, workspaceId, memberId, issuer, subject, factorId];
}

const write = ({ digest, jti, at }: Proof): string =>
  JSON.stringify([digest.toString('base64url'), jti, at.toISOString()]);

/** What is kept of a verified token: who can only write to the database cannot make one. */
export function sealProof(keyring: Keyring, request: DeviceRequest, proof: Proof): string {
  return keyring.seal('device-proof', placeOf(request), write(proof));
}

/**
 * Whether what is kept still proves that this approval was confirmed by the member's device, for the claim. Identity and
 * link are locked, so that a change of them either came before or waits.
 * @returns what does not fit, or null
 */
export async function findProofProblem(
  tx: Transaction,
  deps: Pick<StrongDeps, 'keyring' | 'log'>,
  approval: Approval,
  request: DeviceRequest,
): Promise<Problem | null> {
  const { strongAt, digest, workspaceId, memberId } = approval;
  const { proofJti: jti, proofSeal: seal } = request;
  if (strongAt === null || jti === null || seal === null)
    return attack('the proof of the second device is not there');
  if (request.workspaceId !== workspaceId || request.memberId !== memberId)
    return attack('the second device is someone else’s');
  let kept: string;
  try {
    kept = deps.keyring.open('device-proof', placeOf(request), seal);
  } catch (error) {
    return attack(
      `the proof of the second device does not hold: ${error instanceof Error ? error.message : ''}`,
    );
  }
  if (kept !== write({ digest, jti, at: strongAt }))
    return attack('the second device confirmed something else');
  const [factor] = await tx.select().from(factors).where(eq(factors.id, request.factorId)).for('share');
  const isOwn =
    factor !== undefined &&
    factor.workspaceId === workspaceId &&
    factor.memberId === memberId &&
    factor.countsFrom <= strongAt &&
    hasOwnSeal(deps, factor) &&
    isIdentity(factor, request);
  if (!isOwn) return attack('the identity is not one that may confirm this');
  const [link] = await tx
    .select({ issuer: links.issuer, subject: links.subject })
    .from(links)
    .where(and(eq(links.workspaceId, workspaceId), eq(links.memberId, memberId), isNull(links.unlinkedAt)))
    .for('share');
  const isLinked = link?.issuer === request.issuer && link.subject === request.subject;
  return factor.removedAt === null && isLinked
    ? null
    : { reason: 'the identity that confirmed it is not the member’s any more', attack: false };
}
