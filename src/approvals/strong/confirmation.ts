import { append } from '../../audit/append.ts';
import { digestOf } from '../../db/canonical.ts';
import type { Transaction } from '../../db/client.ts';
import { eq, sql } from '../../db/drizzle.ts';
import { approvals, calls } from '../../db/schema/calls.ts';
import { strongRequests } from '../../db/schema/strong-requests.ts';
import { DeskError } from '../../errors.ts';
import type { Approval, StrongDeps } from '../deps.ts';
import type { Presentation } from '../presentation.ts';
import { wakeWaiter } from '../wake.ts';
import { findConfirmProblem } from './approval-problem.ts';
import type { Factor } from './factors.ts';
import { readStrongReference } from './links.ts';

/** The approval a link is about, and why it cannot be confirmed, when it cannot. */
export interface Confirmation {
  readonly approval: Approval;
  readonly problem: DeskError | null;
}

/**
 * Reads what a confirmation link is about; what was shown is checked against its hash.
 * @throws DeskError `strong_expired` when the link is not ours
 */
export async function findConfirmation(deps: StrongDeps, reference: string): Promise<Confirmation> {
  return need(await read(deps.database.db, readStrongReference(deps, 'strong', reference), 'passkey'));
}

/** The same, with the row locked. @param by the kind of second device that confirms it */
export async function lockConfirmation(
  tx: Transaction,
  approvalId: string,
  by: Factor['kind'],
): Promise<Confirmation> {
  await tx.select({ id: approvals.id }).from(approvals).where(eq(approvals.id, approvalId)).for('update');
  return need(await read(tx, approvalId, by));
}

function need(found: Confirmation | null): Confirmation {
  if (found === null) throw new DeskError('strong_expired');
  return found;
}

async function read(
  db: Pick<Transaction, 'select'>,
  approvalId: string,
  by: Factor['kind'],
): Promise<Confirmation | null> {
  const [row] = await db
    .select({
      approval: approvals,
      call: calls.status,
      device: strongRequests.status,
      late: sql<boolean>`coalesce(${approvals.executeBy} <= clock_timestamp(), false)`,
    })
    .from(approvals)
    .leftJoin(calls, eq(calls.id, approvals.callId))
    .leftJoin(strongRequests, eq(strongRequests.approvalId, approvals.id))
    .where(eq(approvals.id, approvalId));
  if (row === undefined) return null;
  const { approval, device } = row;
  const elsewhere = by === 'passkey' && device !== null && device !== 'passkey';
  if (digestOf(approval.presentation).equals(approval.presentationHash))
    return { approval, problem: findConfirmProblem({ ...row, call: row.call ?? 'none', elsewhere }) };
  const cause = new Error('what was shown does not fit its hash');
  return { approval, problem: new DeskError('approval_invalid', {}, { cause }) };
}

/**
 * Writes down that the member's second factor said yes, and wakes who waits for it; in the transaction that keeps the proof.
 * @param detail what the factor was
 */
export async function recordConfirmed(
  tx: Transaction,
  jobs: Parameters<typeof wakeWaiter>[1],
  approval: Approval,
  detail: Readonly<Record<string, string | null>>,
): Promise<void> {
  await append(tx, {
    workspaceId: approval.workspaceId,
    type: 'approval.confirmed',
    actor: `member:${approval.memberId}`,
    memberId: approval.memberId,
    action: (approval.presentation as Presentation).action,
    outcome: 'confirmed',
    call: { id: approval.callId, code: approval.code },
    turnId: approval.turnId,
    detail,
  });
  await wakeWaiter(tx, jobs, approval);
}

/** A refused confirmation leaves its own event, committed by itself. @returns the error to throw */
export async function recordRefusal(deps: StrongDeps, approval: Approval, error: unknown): Promise<unknown> {
  if (!(error instanceof DeskError)) return error;
  await deps.database.transaction((tx) =>
    append(tx, {
      workspaceId: approval.workspaceId,
      type: 'approval.refused',
      // Who holds the link is not known until a passkey says so.
      actor: 'desk',
      memberId: approval.memberId,
      action: (approval.presentation as Presentation).action,
      outcome: error.code,
      why: error.cause instanceof Error ? error.cause.message : error.message,
      call: { id: approval.callId, code: approval.code },
      turnId: approval.turnId,
      detail: { at: 'second device' },
    }),
  );
  return error;
}
