import type { Handle, Reconciled } from '../actions/action.ts';
import { findAction } from '../actions/catalog.ts';
import { and, eq, inArray, sql, type SQL } from '../db/drizzle.ts';
import { approvals, calls, leases } from '../db/schema/calls.ts';
import { accounts } from '../db/schema/workspaces.ts';
import { turns } from '../db/schema/conversations.ts';
import { enqueueWork } from '../db/work.ts';
import { DeskError, ProviderError } from '../errors.ts';
import { openLease } from '../vault/leases.ts';
import type { Call, CallDeps } from './deps.ts';
import { findCall } from './query.ts';
import { moveCall } from './transitions.ts';

const RETRY_SECONDS = [5, 15, 60, 300, 900, 3600];
/** After so many readings without an answer the call is shown as unknown; reading goes on. */
const GIVE_UP_WAITING = 2;

/**
 * Settles a call whose attempt has no recorded outcome, by reading only. Done and not done are final for the attempt;
 * not done may be claimed anew inside `execute_by`; what cannot be told becomes unknown.
 */
export async function reconcile(deps: CallDeps, call: Call): Promise<Call> {
  const seen = await readBack(deps, call);
  if (seen.outcome === 'done') {
    await deps.database.transaction((tx) =>
      moveCall(
        tx,
        'finish',
        call.id,
        { result: seen.result, errorCode: null, errorMessage: null, settledAt: now(), reconcileAt: null },
        {
          actor: 'desk',
          why: 'read back from the provider',
          detail: { attempt: call.attemptId, reconciled: true },
        },
      ),
    );
  } else if (seen.outcome === 'not_done') {
    await settleNotDone(deps, call);
  } else {
    await settleUnknown(deps, call, seen.look);
  }
  return (await findCall(deps, call.id)) ?? call;
}

async function readBack(deps: CallDeps, call: Call): Promise<Reconciled> {
  const action = findAction(call.action);
  const [account] = await deps.database.db.select().from(accounts).where(eq(accounts.id, call.accountId));
  const look = `Look at ${call.accountLabel} for ${call.code}.`;
  if (action === undefined || account === undefined) return { outcome: 'unknown', look };
  if (action.risk === 'read') return { outcome: 'not_done' };
  const lease = await openLease(deps.vault, {
    kind: 'reconcile',
    account,
    issuer: call.issuer,
    subject: call.subject,
    action: call.action,
    scopes: action.scopes,
    rules: action.requests.reconcile,
    call: { id: call.id, code: call.code, attemptId: call.attemptId },
    turnId: call.turnId,
    traceId: null,
    seconds: 60,
  });
  try {
    const args = action.args.parse(JSON.parse(call.args.toString('utf8')));
    const seen = await action.reconcile(args, { http: lease.http, handle: call.handle as Handle });
    // An attempt that may still be sending is not "not done" yet.
    return seen.outcome === 'not_done' && (await isAttemptOpen(deps, call))
      ? { outcome: 'unknown', look }
      : seen;
  } catch (error) {
    if (error instanceof ProviderError || error instanceof DeskError) return { outcome: 'unknown', look };
    throw error;
  } finally {
    await lease.end();
  }
}

async function isAttemptOpen(deps: CallDeps, call: Call): Promise<boolean> {
  const rows = await deps.database.db
    .select({ id: leases.id })
    .from(leases)
    .where(
      and(
        eq(leases.callId, call.id),
        eq(leases.kind, 'perform'),
        eq(leases.attemptId, call.attemptId ?? ''),
        sql`ended_at is null and expires_at > clock_timestamp()`,
      ),
    );
  return rows.length > 0;
}

/** Back to where it can be claimed, while its time lasts; the approval counts as unused again, because it was. */
async function settleNotDone(deps: CallDeps, call: Call): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const [clock] = await tx.execute<{ late: boolean }>(
      sql`select coalesce(execute_by <= clock_timestamp(), true) as late from agentdesk.calls where id = ${call.id}::uuid`,
    );
    if (clock?.late !== false) {
      const error = new DeskError('execute_too_late');
      const ended = {
        errorCode: error.code,
        errorMessage: error.message,
        settledAt: now(),
        reconcileAt: null,
      };
      await moveCall(tx, 'fail', call.id, ended, {
        actor: 'desk',
        detail: { attempt: call.attemptId, reconciled: true },
      });
      return;
    }
    const released = await moveCall(
      tx,
      call.outcome === 'allow' ? 'releaseAllowed' : 'releaseApproved',
      call.id,
      { attemptId: null, handle: null, reconcileAt: null },
      { actor: 'desk', outcome: 'not_done', detail: { attempt: call.attemptId, reconciled: true } },
    );
    if (released === null) return;
    await tx.update(approvals).set({ consumedAt: null }).where(eq(approvals.callId, call.id));
  });
}

async function settleUnknown(deps: CallDeps, call: Call, look: string): Promise<void> {
  const attempts = call.reconcileAttempts + 1;
  const seconds = RETRY_SECONDS[Math.min(attempts, RETRY_SECONDS.length) - 1] ?? 3600;
  const error = new DeskError('effect_unknown', { look });
  const change = {
    reconcileAttempts: attempts,
    reconcileAt: sql`clock_timestamp() + make_interval(secs => ${seconds})`,
  };
  await deps.database.transaction(async (tx) => {
    if (call.status === 'executing' && attempts >= GIVE_UP_WAITING) {
      const lost = { ...change, errorCode: error.code, errorMessage: error.message };
      await moveCall(tx, 'lose', call.id, lost, {
        actor: 'desk',
        why: look,
        detail: { attempt: call.attemptId },
      });
      return;
    }
    await tx
      .update(calls)
      .set(change)
      .where(and(eq(calls.id, call.id), inArray(calls.status, ['executing', 'unknown'])));
  });
}

/**
 * Settles every call that is due for it; run at start and on a schedule, by any process.
 * @returns how many were looked at
 */
export async function reconcileDue(deps: CallDeps): Promise<number> {
  const due = await deps.database.transaction(async (tx) => {
    const rows = await tx
      .select()
      .from(calls)
      .where(and(inArray(calls.status, ['executing', 'unknown']), sql`reconcile_at <= clock_timestamp()`))
      .limit(20)
      .for('update', { skipLocked: true });
    // Another process shall not take the same ones meanwhile.
    for (const row of rows) {
      await tx
        .update(calls)
        .set({ reconcileAt: sql`clock_timestamp() + interval '60 seconds'` })
        .where(eq(calls.id, row.id));
    }
    return rows;
  });
  for (const call of due) {
    const after = await reconcile(deps, call);
    if (after.status !== call.status) await wakeTurn(deps, call);
  }
  return due.length;
}

/** The person's card and the agent learn of it through the turn. */
async function wakeTurn(deps: CallDeps, call: Call): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const [turn] = await tx.select().from(turns).where(eq(turns.id, call.turnId));
    if (turn === undefined) return;
    const { workspaceId, conversationId } = turn;
    await enqueueWork(tx, deps.jobs, { workspaceId, conversationId, turnId: turn.id, kind: 'resume' });
  });
}

function now(): SQL {
  return sql`clock_timestamp()`;
}
