import { consumeApproval } from '../../approvals/consume.ts';
import type { Approval, ApprovalDeps } from '../../approvals/deps.ts';
import { proveDecided } from '../../approvals/prove-decided.ts';
import { readAskTier } from '../../approvals/strong/choose-device.ts';
import { append } from '../../audit/append.ts';
import type { Transaction } from '../../db/client.ts';
import { eq } from '../../db/drizzle.ts';
import { approvals } from '../../db/schema/calls.ts';
import { DeskError } from '../../errors.ts';
import { findVersionById } from '../versions/read.ts';
import type { HeadDeps } from '../versions/move-head.ts';
import { rejectPending } from '../versions/reject-pending.ts';
import { activatePending } from '../versions/settle-pending.ts';
import type { PolicyVersion } from '../versions/types.ts';
import { digestVersion, nameBase } from './digest.ts';
import { CHANGE_ACTION } from './present.ts';

export interface ChangeDeps {
  readonly approvals: ApprovalDeps;
  readonly heads: HeadDeps;
  /** Whether a member may change the organisation's policy, asked of Slack now. */
  readonly isAdmin: (workspaceId: string, memberId: string) => Promise<boolean>;
}

/** A change that does not go into force; its transaction is rolled back. */
class Refused extends Error {
  readonly reason: DeskError;
  readonly attack: boolean;
  constructor(reason: DeskError, attack: boolean) {
    super(reason.message);
    this.reason = reason;
    this.attack = attack;
  }
}

/**
 * Carries a decided change on: the click goes to the authority, an approved change is proved and put into force, in
 * one transaction with the use of its approval. Harmless to repeat.
 * @returns the approval, or null when there is nothing to do yet (undecided, or the second device is awaited)
 * @throws DeskError `vault_unreachable` when the authority does not answer (try again later)
 */
export async function finishChange(deps: ChangeDeps, approvalId: string): Promise<Approval | null> {
  const approval = await read(deps, approvalId);
  if (approval?.kind !== 'policy') return null;
  const standing = await proveDecided(deps.approvals, approval);
  if (standing === 'waits') return null;
  if (standing === 'over') return read(deps, approvalId);
  const mayDecide = await deps.isAdmin(approval.workspaceId, approval.memberId);
  try {
    await deps.approvals.database.transaction((tx) => putIntoForce(tx, deps, approval, mayDecide));
  } catch (error) {
    const refused = error instanceof DeskError ? new Refused(error, false) : error;
    if (!(refused instanceof Refused)) throw error;
    await deps.approvals.database.transaction((tx) => refuse(tx, approval, refused));
  }
  return read(deps, approvalId);
}

async function putIntoForce(
  tx: Transaction,
  deps: ChangeDeps,
  approval: Approval,
  mayDecide: boolean,
): Promise<void> {
  const version = await findVersionById(tx, approval.policyVersionId ?? '');
  if (version?.status !== 'pending') return;
  const isTheirs = version.owner === '' ? mayDecide : version.owner === approval.memberId;
  if (!isTheirs)
    throw new Refused(
      new DeskError('not_allowed', { reason: 'you may not change this policy any more' }),
      false,
    );
  const refused = await consumeApproval(
    tx,
    deps.approvals,
    subjectOf(version, approval, readAskTier(deps.approvals)),
  );
  if (refused !== null) throw new Refused(refused.error, refused.attack);
  await activatePending(tx, deps.heads, { versionId: version.id, approvalId: approval.id });
}

function subjectOf(version: PolicyVersion, { memberId, tier, code }: Approval, least: Approval['tier']) {
  return {
    about: { policyVersionId: version.id },
    workspaceId: version.workspaceId,
    memberId,
    digest: digestVersion(version),
    code,
    action: CHANGE_ACTION,
    policyVersion: nameBase(version),
    // Where there are second devices, one click is not enough, whatever the row says.
    tier: least === 'approve_strong' ? least : tier,
  };
}

async function refuse(tx: Transaction, approval: Approval, { reason, attack }: Refused): Promise<void> {
  const rejected = await rejectPending(tx, {
    versionId: approval.policyVersionId ?? '',
    by: 'desk',
    reason: reason.message,
    approvalId: approval.id,
  });
  if (rejected === null) return;
  await append(tx, {
    workspaceId: approval.workspaceId,
    type: 'policy.refused',
    actor: 'desk',
    memberId: approval.memberId,
    outcome: reason.code,
    why: reason.message,
    call: { id: null, code: approval.code },
    detail: { attack },
  });
}

async function read(deps: ChangeDeps, approvalId: string): Promise<Approval | null> {
  const [row] = await deps.approvals.database.db.select().from(approvals).where(eq(approvals.id, approvalId));
  return row ?? null;
}
