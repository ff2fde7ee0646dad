import { DeskError } from '../errors.ts';
import type { Approval, ApprovalDeps } from './deps.ts';
import { prove } from './prove.ts';

/**
 * Carries a decided approval to the authority, for what no turn waits for: a change of the policy, a grant, a link.
 * Harmless to repeat.
 * @returns `waits`: undecided, or the second device is awaited; `over`: used before, not approved, or discarded just now;
 *   `approved`: it may be used
 * @throws DeskError `vault_unreachable` when the authority does not answer (try again later)
 */
export async function proveDecided(
  deps: ApprovalDeps,
  approval: Approval,
): Promise<'waits' | 'over' | 'approved'> {
  if (approval.status === 'pending') return 'waits';
  if (approval.consumedAt !== null || approval.click === null) return 'over';
  try {
    await prove(deps, approval);
  } catch (error) {
    // The approval was discarded, and what it was about ended with it.
    if (error instanceof DeskError && error.code === 'approval_invalid') return 'over';
    throw error;
  }
  if (approval.status !== 'approved') return 'over';
  return approval.tier === 'approve_strong' && approval.strongAt === null ? 'waits' : 'approved';
}
