import { readSqlState } from '../../../db/client.ts';
import { eq, sql } from '../../../db/drizzle.ts';
import { approvals } from '../../../db/schema/calls.ts';
import { strongRequests } from '../../../db/schema/strong-requests.ts';
import { DeskError } from '../../../errors.ts';
import type { Approval } from '../../deps.ts';
import { lockConfirmation, recordConfirmed } from '../confirmation.ts';
import { discard } from './end.ts';
import { findTokenProblem } from './proof.ts';
import type { RunDeps } from './run-deps.ts';
import { sealProof } from './seal-proof.ts';
import type { Taken } from './take.ts';

const UNIQUE_VIOLATION = '23505';

/**
 * The device said yes: the token is checked, what it proves is kept and sealed, the token is forgotten, and whoever
 * waits is woken, in one transaction. One that does not fit ends the approval, as an attack.
 * @throws DeskError `vault_unreachable` when the tenant's keys cannot be read; nothing is settled then
 */
export async function confirmByDevice(
  deps: RunDeps,
  request: Taken,
  approval: Approval,
  token: string,
): Promise<void> {
  const proof = await check(deps, request, approval, token);
  if (typeof proof === 'string') return discard(deps, request, proof);
  try {
    const confirmed = await record(deps, request, approval, proof.jti);
    if (!confirmed) return;
  } catch (error) {
    if (readSqlState(error) !== UNIQUE_VIOLATION) throw error;
    return discard(deps, request, 'the token was used for another approval');
  }
  await deps.device.redraw(approval, 'device-confirmed');
}

/** @returns what is wrong with the token, or what names it */
async function check(
  deps: RunDeps,
  request: Taken,
  approval: Approval,
  token: string,
): Promise<string | { jti: string }> {
  const { ciba } = deps.device;
  let claims;
  try {
    claims = await ciba.verify(token);
  } catch (error) {
    if (error instanceof DeskError) throw error;
    return `token not valid: ${error instanceof Error ? error.message : 'unknown'}`;
  }
  return findTokenProblem(
    { text: token, claims },
    { approval, request, clientId: ciba.clientId },
    new Date(),
  );
}

/** @returns false when the approval was ended meanwhile, or another one has recorded it */
async function record(deps: RunDeps, request: Taken, approval: Approval, jti: string): Promise<boolean> {
  return deps.database.transaction(async (tx) => {
    const now = await lockConfirmation(tx, approval.id, 'tenant');
    if (now.problem !== null || !now.approval.digest.equals(approval.digest)) return false;
    const [row] = await tx
      .select()
      .from(strongRequests)
      .where(eq(strongRequests.approvalId, approval.id))
      .for('update');
    // Whoever holds it now: the tenant gave this token, and will give no other.
    if (row?.status !== 'waiting' || row.authReqIdSealed !== request.authReqIdSealed) return false;
    const [at] = await tx
      .update(approvals)
      .set({ strongAt: sql`date_trunc('milliseconds', clock_timestamp())` })
      .where(eq(approvals.id, approval.id))
      .returning({ strongAt: approvals.strongAt });
    const strongAt = at?.strongAt ?? null;
    if (strongAt === null) return false;
    await tx
      .update(strongRequests)
      .set({
        status: 'approved',
        authReqIdSealed: null,
        leaseId: null,
        trouble: null,
        settledAt: strongAt,
        proofJti: jti,
        proofSeal: sealProof(deps.keyring, row, { digest: approval.digest, jti, at: strongAt }),
      })
      .where(eq(strongRequests.approvalId, approval.id));
    await recordConfirmed(tx, deps.jobs, approval, { issuer: row.issuer, subject: row.subject, jti });
    return true;
  });
}
