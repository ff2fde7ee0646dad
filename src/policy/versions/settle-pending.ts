import { append } from '../../audit/append.ts';
import type { Transaction } from '../../db/client.ts';
import { and, eq, sql } from '../../db/drizzle.ts';
import { policyVersions } from '../../db/schema/policy.ts';
import { DeskError } from '../../errors.ts';
import { describeOwner, nameActor } from './audit-names.ts';
import { lockHead, moveHead } from './move-head.ts';
import { findVersionById, toVersion } from './read.ts';
import type { PolicyVersion } from './types.ts';

/**
 * Puts a pending version in force, once its approval is complete. Whether it is, is for the caller to have checked.
 * @throws DeskError `policy_unknown`, `not_allowed` (not pending any more), `policy_changed` (another version was put
 *   in force since it was proposed; it stays pending, and can only be rejected)
 */
export async function activatePending(
  tx: Transaction,
  { versionId, approvalId }: { readonly versionId: string; readonly approvalId: string },
): Promise<PolicyVersion> {
  const version = await findVersionById(tx, versionId);
  if (version === null) throw new DeskError('policy_unknown', { version: versionId });
  await lockHead(tx, version, version.parent);
  return moveHead(tx, version, approvalId);
}

/**
 * Ends a pending version: denied, expired, withdrawn, or overtaken.
 * @param rejection `by` is a member, `desk` or `operator`; `reason` is for people
 * @returns the version, or null when it was not pending any more
 */
export async function rejectPending(
  tx: Transaction,
  rejection: {
    readonly versionId: string;
    readonly by: string;
    readonly reason: string;
    readonly approvalId?: string;
  },
): Promise<PolicyVersion | null> {
  const { versionId, by, reason, approvalId } = rejection;
  const [row] = await tx
    .update(policyVersions)
    .set({
      status: 'rejected',
      endedAt: sql`clock_timestamp()`,
      ...(approvalId === undefined ? {} : { approvalId }),
    })
    .where(and(eq(policyVersions.id, versionId), eq(policyVersions.status, 'pending')))
    .returning();
  if (row === undefined) return null;
  await append(tx, {
    workspaceId: row.workspaceId,
    type: 'policy.rejected',
    actor: nameActor(by),
    memberId: row.owner === '' ? null : row.owner,
    target: `${describeOwner(row.owner)} ${row.number}`,
    outcome: 'rejected',
    why: reason,
    detail: { version: row.id, approval: approvalId ?? null },
  });
  return toVersion(row);
}
