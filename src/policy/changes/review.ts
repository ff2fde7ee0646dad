import type { Transaction } from '../../db/client.ts';
import { eq } from '../../db/drizzle.ts';
import { approvals } from '../../db/schema/calls.ts';
import { findVersion } from '../versions/read.ts';
import { requestChangeApproval, type ChangeRequestDeps } from './request.ts';

/**
 * An admin takes up what an operator proposed for the organisation: they alone decide it from then on, like a change of
 * their own. Whether they are an admin is for the caller to have asked.
 * @returns `taken` when another admin did so before, `unknown` when there is no such version that waits
 */
export async function reviewOperatorChange(
  tx: Transaction,
  deps: ChangeRequestDeps,
  workspaceId: string,
  number: number,
  adminId: string,
): Promise<'asked' | 'taken' | 'unknown'> {
  const version = await findVersion(tx, { workspaceId, owner: '' }, number);
  if (version?.status !== 'pending' || version.author !== 'operator') return 'unknown';
  const [open] = await tx.select().from(approvals).where(eq(approvals.policyVersionId, version.id));
  if (open !== undefined) return 'taken';
  await requestChangeApproval(tx, deps, version, adminId);
  return 'asked';
}
