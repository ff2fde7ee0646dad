import type { Transaction } from '../../db/client.ts';
import { DeskError } from '../../errors.ts';
import { lockHead, moveHead, type HeadDeps } from './move-head.ts';
import { findVersionById } from './read.ts';
import type { PolicyVersion } from './types.ts';

/**
 * Puts a pending version in force, once its approval is complete. Whether it is, is for the caller to have checked.
 * @throws DeskError `policy_unknown`, `not_allowed` (not pending any more), `policy_changed` (another version was put
 *   in force since it was proposed)
 */
export async function activatePending(
  tx: Transaction,
  deps: HeadDeps,
  { versionId, approvalId }: { readonly versionId: string; readonly approvalId: string },
): Promise<PolicyVersion> {
  const version = await findVersionById(tx, versionId);
  if (version === null) throw new DeskError('policy_unknown', { version: versionId });
  await lockHead(tx, deps.keyring, version, version.parent);
  return moveHead(tx, deps, version, approvalId);
}
