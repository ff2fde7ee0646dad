import { append, type AuditEvent } from '../../../audit/append.ts';
import type { Transaction } from '../../../db/client.ts';
import { and, eq, isNull, sql } from '../../../db/drizzle.ts';
import { approvals } from '../../../db/schema/calls.ts';
import { strongRequests } from '../../../db/schema/strong-requests.ts';
import { DeskError } from '../../../errors.ts';
import type { Approval } from '../../deps.ts';
import type { Presentation } from '../../presentation.ts';
import { findPasskeyProblem } from '../choose-device.ts';
import { isHeld } from './keep.ts';
import type { RunDeps } from './run-deps.ts';
import type { Taken } from './take.ts';
import type { DeviceRequest, Trouble } from './types.ts';

/** How often a device is asked about one approval at the most: again only when its answer was lost. */
const MOST_ASKS = 3;

/** How a request ends: what becomes of the approval, and how the audit tells it. */
interface End {
  readonly request: DeviceRequest['status'];
  readonly approval: Pick<Approval, 'status'> & {
    readonly reason: string | null;
    readonly byPerson: boolean;
  };
  readonly event: Pick<AuditEvent, 'type' | 'actor' | 'outcome' | 'why' | 'detail'>;
}

/**
 * The device said no, or nobody answered, or the answer was lost. Auth0 says `access_denied` for the first two alike:
 * before the end of the request, by our own clock, it is a denial.
 */
export async function end(
  deps: RunDeps,
  request: Taken,
  answer: 'denied' | 'expired' | 'lost',
): Promise<void> {
  const approval = await deps.database.transaction(async (tx) => {
    // The approval first, as everyone else takes the two.
    await tx
      .select({ id: approvals.id })
      .from(approvals)
      .where(eq(approvals.id, request.approvalId))
      .for('update');
    const [held] = await tx
      .select({
        row: strongRequests,
        over: sql<boolean>`coalesce(${strongRequests.deadlineAt} <= clock_timestamp(), true)`,
      })
      .from(strongRequests)
      .where(isHeld(request))
      .for('update');
    if (held === undefined) return null;
    if (answer === 'lost' && !held.over && held.row.asks < MOST_ASKS) return askAgain(tx, request);
    return finish(tx, deps, request, answer === 'denied' && !held.over ? denied(request) : EXPIRED);
  });
  if (approval !== null) await deps.device.redraw(approval, `device-${answer}-${request.asks}`);
}

async function askAgain(tx: Transaction, request: Taken): Promise<Approval | null> {
  await tx
    .update(strongRequests)
    .set({
      status: 'asking',
      authReqIdSealed: null,
      leaseId: null,
      deadlineAt: null,
      trouble: 'device_answer_lost',
      nextPollAt: sql`clock_timestamp()`,
    })
    .where(isHeld(request));
  const [approval] = await tx.select().from(approvals).where(eq(approvals.id, request.approvalId));
  return approval ?? null;
}

const denied = ({ memberId }: Taken): End => ({
  request: 'denied',
  approval: { status: 'denied', reason: 'on your second device', byPerson: true },
  event: {
    type: 'approval.decided',
    actor: `member:${memberId}`,
    outcome: 'denied',
    why: 'on the second device',
    detail: { from: 'device' },
  },
});

const EXPIRED: End = {
  request: 'expired',
  approval: { status: 'expired', reason: null, byPerson: false },
  event: {
    type: 'approval.decided',
    actor: 'desk',
    outcome: 'expired',
    why: 'the second device did not confirm it in time',
    detail: { from: 'device' },
  },
};

/**
 * The tenant has no device of the member's, or does not let us ask: a passkey that counts may confirm it instead, which
 * proves as much; without one the approval ends, and the sentence says what to do.
 */
export async function handOver(
  deps: RunDeps,
  request: Taken,
  trouble: Extract<Trouble, { kind: 'refused' }>,
): Promise<void> {
  const service = deps.device.ciba.domain;
  const error = new DeskError(trouble.code, { service, problem: trouble.problem });
  deps.log.warn({ problem: trouble.problem, code: trouble.code }, 'the tenant did not ask a member’s device');
  const approval = await deps.database.transaction(async (tx) => {
    const event = {
      type: 'approval.refused',
      actor: 'desk',
      outcome: trouble.code,
      why: trouble.problem,
      detail: { at: 'second device' },
    } as const;
    if ((await findPasskeyProblem(tx, deps, request)) !== null)
      return finish(tx, deps, request, {
        request: 'ended',
        approval: { status: 'cancelled', reason: error.message, byPerson: false },
        event,
      });
    const [row] = await tx
      .update(strongRequests)
      .set({
        status: 'passkey',
        authReqIdSealed: null,
        leaseId: null,
        trouble: trouble.code,
        settledAt: sql`clock_timestamp()`,
      })
      .where(isHeld(request))
      .returning();
    const [waiting] = await tx.select().from(approvals).where(eq(approvals.id, request.approvalId));
    if (row === undefined || waiting === undefined) return null;
    await record(tx, waiting, event);
    return waiting;
  });
  if (approval !== null) await deps.device.redraw(approval, 'device-passkey');
}

/** A token that does not fit is an attack until shown otherwise: the approval is void for good. */
export async function discard(deps: RunDeps, request: Taken, problem: string): Promise<void> {
  const approval = await deps.database.transaction((tx) =>
    finish(tx, deps, request, {
      request: 'ended',
      approval: { status: 'cancelled', reason: new DeskError('approval_invalid').message, byPerson: false },
      event: {
        type: 'approval.refused',
        actor: 'desk',
        outcome: 'proof_mismatch',
        why: problem,
        detail: { at: 'second device', attack: true },
      },
    }),
  );
  deps.log.warn(
    { approval: request.approvalId, problem },
    'a device’s token did not fit; approval discarded',
  );
  if (approval !== null) await deps.device.redraw(approval, 'device-discarded');
}

/** @returns the approval as it ended; null when it was ended before */
async function finish(tx: Transaction, deps: RunDeps, request: Taken, how: End): Promise<Approval | null> {
  const { status, reason, byPerson } = how.approval;
  const [row] = await tx
    .update(approvals)
    .set({
      status,
      decidedFrom: 'device',
      ...(reason === null ? {} : { reason }),
      ...(byPerson ? { decidedAt: sql`clock_timestamp()` } : {}),
    })
    .where(
      and(
        eq(approvals.id, request.approvalId),
        eq(approvals.status, 'approved'),
        isNull(approvals.strongAt),
        isNull(approvals.consumedAt),
      ),
    )
    .returning();
  await tx
    .update(strongRequests)
    .set({
      status: how.request,
      authReqIdSealed: null,
      leaseId: null,
      settledAt: sql`clock_timestamp()`,
    })
    .where(isHeld(request));
  if (row === undefined) return null;
  await record(tx, row, how.event);
  await deps.onDecided(tx, row);
  return row;
}

async function record(tx: Transaction, approval: Approval, event: End['event']): Promise<void> {
  const { action, line } = approval.presentation as Presentation;
  await append(tx, {
    ...event,
    workspaceId: approval.workspaceId,
    memberId: approval.memberId,
    action,
    target: line,
    call: { id: approval.callId, code: approval.code },
    turnId: approval.turnId,
  });
}
