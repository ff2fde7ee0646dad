import { append } from '../../audit/append.ts';
import type { Transaction } from '../../db/client.ts';
import { and, eq, sql } from '../../db/drizzle.ts';
import { policyHeads, policyVersions } from '../../db/schema/policy.ts';
import { DeskError } from '../../errors.ts';
import { createHeads } from '../head.ts';
import { describeOwner, nameActor } from './audit-names.ts';
import { findVersion, toVersion, type LayerPlace } from './read.ts';
import type { PolicyVersion } from './types.ts';

/**
 * Locks a layer's head until the transaction ends: no other change is saved, and no claim commits, meanwhile.
 * @throws DeskError `policy_changed` when another version than `expected` is in force; it says who changed what
 */
export async function lockHead(
  tx: Transaction,
  { workspaceId, owner }: LayerPlace,
  expected: number,
): Promise<void> {
  await createHeads(tx, workspaceId, [owner]);
  const [head] = await tx
    .select()
    .from(policyHeads)
    .where(and(eq(policyHeads.workspaceId, workspaceId), eq(policyHeads.owner, owner)))
    .for('update');
  if (head?.number === expected) return;
  const number = head?.number ?? 0;
  const other = await findVersion(tx, { workspaceId, owner }, number);
  throw new DeskError('policy_changed', {
    number,
    by: other === null || other.author === 'operator' ? 'an operator' : `<@${other.author}>`,
    what: (other?.diff.join(' ') ?? 'it is empty now').replace(/\.$/, '').slice(0, 300),
  });
}

/** Puts a pending version in force; its head is locked. The one before it becomes history. */
export async function moveHead(
  tx: Transaction,
  version: PolicyVersion,
  approvalId: string | null,
): Promise<PolicyVersion> {
  const { workspaceId, owner, number } = version;
  const layer = and(eq(policyVersions.workspaceId, workspaceId), eq(policyVersions.owner, owner));
  await tx
    .update(policyVersions)
    .set({ status: 'superseded', endedAt: sql`clock_timestamp()` })
    .where(and(layer, eq(policyVersions.status, 'active')));
  const [row] = await tx
    .update(policyVersions)
    .set({ status: 'active', approvalId, activatedAt: sql`clock_timestamp()` })
    .where(and(eq(policyVersions.id, version.id), eq(policyVersions.status, 'pending')))
    .returning();
  if (row === undefined) throw new DeskError('not_allowed', { reason: 'this change is not open any more' });
  await tx
    .update(policyHeads)
    .set({ number, updatedAt: sql`clock_timestamp()` })
    .where(and(eq(policyHeads.workspaceId, workspaceId), eq(policyHeads.owner, owner)));
  await append(tx, {
    workspaceId,
    type: 'policy.activated',
    actor: approvalId === null ? nameActor(version.author) : 'desk',
    memberId: owner === '' ? null : owner,
    target: `${describeOwner(owner)} ${number}`,
    outcome: version.classification,
    why: version.diff.join(' '),
    detail: { version: version.id, replaces: version.parent, approval: approvalId },
  });
  return toVersion(row);
}
