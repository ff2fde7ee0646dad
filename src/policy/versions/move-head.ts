import { append } from '../../audit/append.ts';
import type { Transaction } from '../../db/client.ts';
import { and, eq, sql } from '../../db/drizzle.ts';
import { policyHeads, policyVersions } from '../../db/schema/policy.ts';
import { DeskError } from '../../errors.ts';
import { endStricter } from '../grants/end-stricter.ts';
import type { CatalogEntry } from '../types.ts';
import { describeOwner, nameActor } from './audit-names.ts';
import { createHeads, digestContent, sealHead, type HeadKeyring } from './head-seal.ts';
import { findVersion, toVersion, type LayerPlace } from './read.ts';
import { rejectOvertaken } from './reject-pending.ts';
import type { PolicyVersion } from './types.ts';

/** What moving a head takes. */
export interface HeadDeps {
  readonly catalog: readonly CatalogEntry[];
  readonly keyring: HeadKeyring;
  /** In the same transaction as the move: where people are told. */
  readonly onMoved?: (tx: Transaction, moved: Moved) => Promise<void>;
}

/** A version that came into force, and the pending ones that it overtook. */
export interface Moved {
  readonly version: PolicyVersion;
  readonly overtaken: readonly PolicyVersion[];
}

/**
 * Locks a layer's head until the transaction ends: no other change is saved, and no claim commits, meanwhile.
 * @throws DeskError `policy_changed` when another version than `expected` is in force; it says who changed what
 */
export async function lockHead(
  tx: Transaction,
  keyring: HeadKeyring,
  { workspaceId, owner }: LayerPlace,
  expected: number,
): Promise<void> {
  await createHeads(tx, keyring, workspaceId, [owner]);
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

/**
 * Puts a pending version in force; its head is locked. The one before it becomes history, what else was pending
 * is rejected, and grants that it is stricter with end.
 */
export async function moveHead(
  tx: Transaction,
  deps: HeadDeps,
  version: PolicyVersion,
  approvalId: string | null,
): Promise<PolicyVersion> {
  const { workspaceId, owner, number } = version;
  const content = digestContent(version);
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
    .set({
      number,
      updatedAt: sql`clock_timestamp()`,
      seal: sealHead(deps.keyring, { workspaceId, owner, number }, content),
    })
    .where(and(eq(policyHeads.workspaceId, workspaceId), eq(policyHeads.owner, owner)));
  await append(tx, {
    workspaceId,
    type: 'policy.activated',
    actor: approvalId === null ? nameActor(version.author) : 'desk',
    memberId: owner === '' ? null : owner,
    target: `${describeOwner(owner)} ${number}`,
    outcome: version.classification,
    why: version.diff.join(' '),
    detail: { version: version.id, replaces: version.parent, approval: approvalId, content },
  });
  await endStricter(tx, deps.catalog, version);
  const overtaken = await rejectOvertaken(tx, version);
  await deps.onMoved?.(tx, { version, overtaken });
  return toVersion(row);
}
