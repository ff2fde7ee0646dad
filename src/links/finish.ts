import { consumeApproval } from '../approvals/consume.ts';
import type { Approval, ApprovalDeps } from '../approvals/deps.ts';
import { proveDecided } from '../approvals/prove-decided.ts';
import { readAskTier } from '../approvals/strong/choose-device.ts';
import type { Transaction } from '../db/client.ts';
import { eq } from '../db/drizzle.ts';
import { approvals } from '../db/schema/calls.ts';
import { connectRequests } from '../db/schema/workspaces.ts';
import { DeskError } from '../errors.ts';
import { makeLink } from '../vault/accounts/link/make.ts';
import { readSignedIn } from '../vault/accounts/link/session.ts';
import type { VaultDeps } from '../vault/deps.ts';
import { endRelink } from './apply-decision.ts';
import { digestLink } from './digest.ts';
import { RELINK_ACTION, RELINK_POLICY } from './present.ts';

interface FinishDeps {
  readonly approvals: ApprovalDeps;
  readonly vault: VaultDeps;
}

/**
 * Carries a decided link on: the click goes to the authority, an approved one is proved and made, in one transaction
 * with the use of its approval. Harmless to repeat.
 * @returns the approval, or null when there is nothing to do yet (undecided, or the second device is awaited)
 * @throws DeskError `vault_unreachable` when the authority does not answer (try again later)
 */
export async function finishRelink(deps: FinishDeps, approvalId: string): Promise<Approval | null> {
  const approval = await read(deps, approvalId);
  if (approval?.kind !== 'relink') return null;
  const standing = await proveDecided(deps.approvals, approval);
  if (standing === 'waits') return null;
  if (standing === 'over') return read(deps, approvalId);
  try {
    await deps.approvals.database.transaction((tx) => make(tx, deps, approval));
  } catch (error) {
    if (!(error instanceof DeskError)) throw error;
    await deps.approvals.database.transaction((tx) =>
      endRelink(tx, deps.vault.jobs, approval, error.code, error.message),
    );
  }
  return read(deps, approvalId);
}

/** @throws DeskError when the approval does not hold, or the identity was taken meanwhile; nothing is kept then */
async function make(tx: Transaction, deps: FinishDeps, approval: Approval): Promise<void> {
  const [request] = await tx
    .select()
    .from(connectRequests)
    .where(eq(connectRequests.id, approval.linkRequestId ?? ''))
    .for('update');
  if (request?.status !== 'awaiting_approval') return;
  const refused = await consumeApproval(tx, deps.approvals, {
    about: { linkRequestId: request.id },
    workspaceId: request.workspaceId,
    memberId: request.memberId,
    digest: digestLink(request),
    code: approval.code,
    action: RELINK_ACTION,
    policyVersion: RELINK_POLICY,
    // Where there are second devices, one click is not enough, whatever the row says.
    tier: readAskTier(deps.approvals) === 'approve_strong' ? 'approve_strong' : approval.tier,
  });
  if (refused !== null) throw refused.error;
  const signedIn = readSignedIn(deps.vault, request);
  // Who signed in stands in what was sealed, too: a row that says another subject is no link.
  if (signedIn === null || signedIn.subject !== request.subject) throw new DeskError('approval_invalid');
  await makeLink(tx, deps.vault, request, signedIn);
}

async function read(deps: FinishDeps, approvalId: string): Promise<Approval | null> {
  const [row] = await deps.approvals.database.db.select().from(approvals).where(eq(approvals.id, approvalId));
  return row ?? null;
}
