import type { Transaction } from '../../db/client.ts';
import { DeskError } from '../../errors.ts';
import type { StrongDeps } from '../deps.ts';
import {
  findFactorProblem,
  isUnvouched,
  listFactors,
  shortId,
  writeUtc,
  type Factor,
  type Owner,
} from './factors.ts';
import { strongTierProblem } from './relying-party.ts';
import { findIdentity } from './tenant/link-factor.ts';

/** Which second device confirms an approval. */
export type Device =
  | { readonly kind: 'tenant'; readonly subject: string; readonly factor: Factor }
  | { readonly kind: 'passkey' };

type ChooseDeps = Pick<StrongDeps, 'keyring' | 'log' | 'publicUrl' | 'device'>;

/** Whether there is a second device for anyone here: a tenant that asks for it, or pages where passkeys work. */
export function readAskTier(deps: Pick<StrongDeps, 'publicUrl' | 'device'>): 'approve' | 'approve_strong' {
  return deps.device !== null || strongTierProblem(deps.publicUrl) === null ? 'approve_strong' : 'approve';
}

/**
 * The member's second device: their own one at the tenant where they are linked to it, else a passkey.
 * @returns why they can confirm nothing now, when they cannot. A click that could not be followed up is not taken: the
 *   approval stays open, and the sentence says what to do first.
 */
export async function chooseDevice(
  tx: Transaction,
  deps: ChooseDeps,
  owner: Owner,
): Promise<Device | DeskError> {
  const { device } = deps;
  const identity = device === null ? null : await findIdentity(tx, deps, owner, device.ciba.issuer);
  if (identity?.factor?.counts === true)
    return { kind: 'tenant', subject: identity.subject, factor: identity.factor };
  const problem = await findPasskeyProblem(tx, deps, owner);
  if (problem === null) return { kind: 'passkey' };
  if (device === null) return problem;
  const service = device.ciba.domain;
  const waiting = identity?.factor ?? null;
  if (waiting !== null && isUnvouched(waiting))
    return new DeskError('device_unvouched', { service, id: shortId(waiting) });
  if (waiting !== null)
    return new DeskError('device_waiting', {
      service,
      at: writeUtc(waiting.countsFrom),
      id: shortId(waiting),
    });
  return problem.code === 'factor_waiting' || problem.code === 'factor_unvouched'
    ? problem
    : new DeskError('device_missing', { service });
}

/** Why this member can confirm nothing with a passkey now, or null. */
export async function findPasskeyProblem(
  tx: Transaction,
  deps: ChooseDeps,
  owner: Owner,
): Promise<DeskError | null> {
  const problem = strongTierProblem(deps.publicUrl);
  if (problem !== null) return new DeskError('strong_unavailable', { problem });
  return findFactorProblem(await listFactors(deps, tx, owner));
}
