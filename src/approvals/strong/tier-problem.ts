import type { Transaction } from '../../db/client.ts';
import { DeskError } from '../../errors.ts';
import type { StrongDeps } from '../deps.ts';
import { findFactorProblem, listFactors, type Owner } from './factors.ts';
import { strongTierProblem } from './relying-party.ts';

/**
 * Why this member cannot confirm anything with a second device now, or null. A click that could not be followed up is
 * not taken: the approval stays open, and the sentence says what to do first.
 */
export async function findTierProblem(
  tx: Transaction,
  deps: Pick<StrongDeps, 'keyring' | 'log' | 'publicUrl'>,
  owner: Owner,
): Promise<DeskError | null> {
  const problem = strongTierProblem(deps.publicUrl);
  if (problem !== null) return new DeskError('strong_unavailable', { problem });
  return findFactorProblem(await listFactors(deps, tx, owner));
}
