import { append } from '../audit/append.ts';
import { readSqlState } from '../db/client.ts';
import { and, eq, isNull, sql } from '../db/drizzle.ts';
import { approvals } from '../db/schema/calls.ts';
import { DeskError } from '../errors.ts';
import type { PollAnswer } from './ciba-client.ts';
import { findClickProblem } from './click.ts';
import type { Approval, ApprovalDeps } from './deps.ts';
import { startBackchannelRequest } from './request.ts';

const POLLS = 5;
/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const UNIQUE_VIOLATION = '23505';

/**
 * Carries a decided approval to the authority and, for an approved one, redeems the CIBA token as proof: checked,
 * its `jti` recorded, then forgotten. Harmless to repeat.
 * @throws DeskError `approval_invalid` when authority and row disagree (the approval is discarded and the audit
 *   calls it an attack), `vault_unreachable` when the authority does not answer (try again later)
 */
export async function prove(deps: ApprovalDeps, approval: Approval): Promise<void> {
  if (approval.provedAt !== null) return;
  // Approved with a click, then refused on the second device: there is nothing to prove, and the click still says yes.
  if (approval.status !== 'approved' && approval.decidedFrom === 'device') return;
  const mismatch = await findClickProblem(deps.door, approval);
  if (approval.click === null || mismatch !== null)
    throw await discard(deps, approval, mismatch ?? 'there is no signed click');
  const accepted = await deps.ciba.postClick(approval.click);
  if (accepted !== 'accepted') throw await discard(deps, approval, `authority answered: ${accepted}`);
  if (approval.status !== 'approved') return;
  const answer = await redeem(deps, approval);
  if (answer.status !== 'approved')
    throw await discard(deps, approval, `authority answered: ${answer.status}`);
  const problem = await findProblem(deps, approval, answer.accessToken);
  if (typeof problem === 'string') throw await discard(deps, approval, problem);
  if (!(await record(deps, approval, problem.jti)))
    throw await discard(deps, approval, 'the token was used for another approval');
}

async function redeem(deps: ApprovalDeps, approval: Approval): Promise<PollAnswer> {
  let current = approval;
  for (let poll = 0; poll < POLLS; poll += 1) {
    const answer = await deps.ciba.poll(current.authReqId ?? '');
    if (answer.status === 'spent' || answer.status === 'expired') {
      // A crash came between token and record, or the request ran out after the click: the authority holds the
      // signed click for this very digest and decides a new request by it.
      current = await startBackchannelRequest(deps, current);
    } else if (answer.status === 'slow_down' || answer.status === 'pending') {
      await new Promise((resolve) =>
        setTimeout(resolve, answer.status === 'slow_down' ? answer.retryAfter * 1000 : 300),
      );
    } else {
      return answer;
    }
  }
  throw new DeskError('vault_unreachable');
}

/** What is wrong with the token as a proof of this approval, or its `jti` when nothing is. */
async function findProblem(
  deps: ApprovalDeps,
  approval: Approval,
  token: string,
): Promise<string | { jti: string }> {
  if (approval.issuer !== deps.ciba.issuer) return 'issuer is not the pinned one';
  let claims;
  try {
    claims = await deps.ciba.verify(token);
  } catch (error) {
    return `token not valid: ${error instanceof Error ? error.message : 'unknown'}`;
  }
  if (claims.sub !== approval.subject) return 'token is for another subject';
  if ((claims.iat ?? 0) * 1000 < approval.createdAt.getTime() - 5_000)
    return 'token is older than the approval';
  const details = claims['authorization_details'];
  if (!Array.isArray(details) || details.length !== 1)
    return 'authorization_details missing from the signed token';
  const digest = (details[0] as { approval_digest?: unknown }).approval_digest;
  if (digest !== approval.digest.toString('base64url')) return 'token is for another approval';
  return typeof claims.jti === 'string' && claims.jti !== '' ? { jti: claims.jti } : 'token has no jti';
}

/** @returns false when another approval holds the token's `jti` */
async function record(deps: ApprovalDeps, approval: Approval, jti: string): Promise<boolean> {
  try {
    await deps.database.transaction(async (tx) => {
      const [row] = await tx
        .update(approvals)
        .set({ proofJti: jti, provedAt: sql`clock_timestamp()` })
        .where(
          and(eq(approvals.id, approval.id), eq(approvals.status, 'approved'), isNull(approvals.provedAt)),
        )
        .returning();
      if (row === undefined) return;
      await append(tx, {
        workspaceId: row.workspaceId,
        type: 'approval.proved',
        actor: 'authority',
        memberId: row.memberId,
        outcome: 'verified',
        call: { id: row.callId, code: row.code },
        turnId: row.turnId,
        detail: { issuer: row.issuer, jti, verifier: 'embedded, same process' },
      });
    });
    return true;
  } catch (error) {
    if (readSqlState(error) === UNIQUE_VIOLATION) return false;
    throw error;
  }
}

/** A proof that does not fit is an attack until shown otherwise: the approval is void for good. */
async function discard(deps: ApprovalDeps, approval: Approval, problem: string): Promise<DeskError> {
  await deps.database.transaction(async (tx) => {
    const [row] = await tx
      .update(approvals)
      .set({ status: 'cancelled' })
      .where(and(eq(approvals.id, approval.id), isNull(approvals.provedAt)))
      .returning();
    if (row === undefined) return;
    await append(tx, {
      workspaceId: row.workspaceId,
      type: 'approval.refused',
      actor: 'desk',
      memberId: row.memberId,
      outcome: 'proof_mismatch',
      why: problem,
      call: { id: row.callId, code: row.code },
      turnId: row.turnId,
      detail: { attack: true },
    });
    await deps.onDecided(tx, row);
  });
  deps.log.warn({ code: approval.code, problem }, 'approval proof did not fit; approval discarded');
  return new DeskError('approval_invalid');
}
