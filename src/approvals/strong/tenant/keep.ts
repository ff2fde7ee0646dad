import { append } from '../../../audit/append.ts';
import { and, eq, inArray, ne, sql } from '../../../db/drizzle.ts';
import { strongRequests } from '../../../db/schema/strong-requests.ts';
import type { Approval } from '../../deps.ts';
import type { Presentation } from '../../presentation.ts';
import { sealAuthReqId } from './open.ts';
import type { RunDeps } from './run-deps.ts';
import type { Taken } from './take.ts';
import type { Asked, Trouble } from './types.ts';

/** CIBA Core §11: `slow_down` makes the interval at least this much longer. */
const SLOWER_SECONDS = 5;
/** Seconds after which a tenant that did not answer is asked again; to send a request again takes longer. */
const AGAIN = { asking: 15, waiting: 5 } as const;

/** Still the one who took it: what another process has settled meanwhile stays so. */
export const isHeld = (request: Taken) =>
  and(
    eq(strongRequests.approvalId, request.approvalId),
    eq(strongRequests.leaseId, request.leaseId),
    inArray(strongRequests.status, ['asking', 'waiting']),
  );

/** The device was asked: its request is kept, sealed, and polled for from now on. */
export async function keepAsked(
  deps: RunDeps,
  request: Taken,
  approval: Approval,
  answer: Extract<Asked, { kind: 'asked' }>,
): Promise<void> {
  const kept = await deps.database.transaction(async (tx) => {
    const [row] = await tx
      .update(strongRequests)
      .set({
        status: 'waiting',
        authReqIdSealed: sealAuthReqId(deps.keyring, request, answer.authReqId),
        intervalSeconds: answer.interval,
        nextPollAt: sql`clock_timestamp() + make_interval(secs => ${answer.interval})`,
        // From before it was sent, so that it is never later than the tenant's own end.
        deadlineAt: sql`${strongRequests.askedAt} + make_interval(secs => ${answer.seconds})`,
        leaseId: null,
        trouble: null,
      })
      .where(isHeld(request))
      .returning();
    if (row === undefined) return null;
    await append(tx, {
      workspaceId: row.workspaceId,
      type: 'approval.device_asked',
      actor: 'desk',
      memberId: row.memberId,
      action: (approval.presentation as Presentation).action,
      outcome: 'asked',
      call: { id: approval.callId, code: approval.code },
      turnId: approval.turnId,
      detail: { issuer: row.issuer, subject: row.subject, expires_at: row.deadlineAt, attempt: row.asks },
    });
    return row;
  });
  if (kept !== null) await deps.device.redraw(approval, `asked-${kept.asks}`);
}

/** Nobody answered yet. */
export async function waitOn(
  deps: RunDeps,
  request: Taken,
  approval: Approval,
  pace: { readonly slower: boolean; readonly seconds: number | null },
): Promise<void> {
  const interval = request.intervalSeconds + (pace.slower ? SLOWER_SECONDS : 0);
  const seconds = Math.max(interval, pace.seconds ?? 0);
  await deps.database.db
    .update(strongRequests)
    .set({
      intervalSeconds: interval,
      nextPollAt: sql`clock_timestamp() + make_interval(secs => ${seconds})`,
      leaseId: null,
      trouble: null,
    })
    .where(isHeld(request));
  if (request.trouble !== null) await deps.device.redraw(approval, `back-${Date.now()}`);
}

/** The tenant does not answer, or wants to be left alone; the request lives on. */
export async function putOff(
  deps: RunDeps,
  request: Taken,
  approval: Approval,
  trouble: Extract<Trouble, { kind: 'later' }>,
): Promise<void> {
  const seconds = Math.max(trouble.seconds ?? 0, AGAIN[request.status], request.intervalSeconds);
  const later = sql`clock_timestamp() + make_interval(secs => ${seconds})`;
  await deps.database.transaction(async (tx) => {
    await tx
      .update(strongRequests)
      .set({ nextPollAt: later, leaseId: null, trouble: trouble.code })
      .where(isHeld(request));
    if (trouble.code !== 'device_busy') return;
    // The limit is the tenant's: no other request is better off.
    await tx
      .update(strongRequests)
      .set({ nextPollAt: sql`greatest(${strongRequests.nextPollAt}, ${later})` })
      .where(
        and(
          eq(strongRequests.issuer, request.issuer),
          ne(strongRequests.approvalId, request.approvalId),
          inArray(strongRequests.status, ['asking', 'waiting']),
          sql`${strongRequests.leaseId} is null`,
        ),
      );
  });
  if (request.trouble !== trouble.code) await deps.device.redraw(approval, `trouble-${Date.now()}`);
}
