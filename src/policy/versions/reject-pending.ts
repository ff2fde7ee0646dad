import { append } from '../../audit/append.ts';
import type { Transaction } from '../../db/client.ts';
import { and, eq, ne, sql } from '../../db/drizzle.ts';
import { policyVersions } from '../../db/schema/policy.ts';
import { describeOwner, nameActor } from './audit-names.ts';
import { toVersion } from './read.ts';
import type { PolicyVersion } from './types.ts';

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

/** Ends the pending versions of a layer that were made from what is not in force any more. @returns them */
export async function rejectOvertaken(tx: Transaction, by: PolicyVersion): Promise<PolicyVersion[]> {
  const rows = await tx
    .select({ id: policyVersions.id })
    .from(policyVersions)
    .where(
      and(
        eq(policyVersions.workspaceId, by.workspaceId),
        eq(policyVersions.owner, by.owner),
        eq(policyVersions.status, 'pending'),
        ne(policyVersions.id, by.id),
      ),
    );
  const ended: (PolicyVersion | null)[] = [];
  for (const { id } of rows) {
    const reason = `version ${by.number} came into force first`;
    ended.push(await rejectPending(tx, { versionId: id, by: 'desk', reason }));
  }
  return ended.filter((version) => version !== null);
}
