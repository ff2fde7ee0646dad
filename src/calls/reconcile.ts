import type { Handle, Reconciled } from '../actions/action.ts';
import { findAction } from '../actions/catalog.ts';
import type { Transaction } from '../db/client.ts';
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

/** Stands for "none" where a uuid is needed. */
const NO_ATTEMPT = '00000000-0000-0000-0000-000000000000';
const RETRY_SECONDS = [5, 15, 60, 300, 900, 3600];
/** After so many readings without an answer the call is shown as unknown; reading goes on. */
const GIVE_UP_WAITING = 2;
/** A request that was given up, or never answered, may still be carried out by the provider for this long. */
const QUIET_SECONDS = 30;

/**
 * Settles a call whose attempt has no recorded outcome, by reading only. Done and not done are final for the attempt;
 * not done may be claimed anew inside `execute_by`; what cannot be told becomes unknown.
 * @param last.answered true when the attempt's last request was answered, so that nothing of it is under way
 * @param last.wakes true when no turn is at work on the call: it is woken in the transaction that settles the call, so that
 *   a process killed right after it leaves nothing waiting
 */
export async function reconcile(
  deps: CallDeps,
  given: Call,
  last: { readonly answered: boolean; readonly wakes?: boolean } = { answered: false },
): Promise<Call> {
  const call = await withLatestHandle(deps, given);
  // The provider itself said that it did not do it, and to come back later: there is nothing to read.
  const seen = isPutOff(call) ? { outcome: 'not_done' as const } : await readBack(deps, call);
  if (seen.outcome === 'done') {
    await deps.database.transaction(async (tx) => {
      const done = await moveCall(
        tx,
        'finish',
        call.id,
        { result: seen.result, errorCode: null, errorMessage: null, settledAt: now(), reconcileAt: null },
        { ...readBackBy(call), why: 'read back from the provider' },
      );
      if (done !== null && last.wakes === true) await wakeTurn(tx, deps, call);
    });
  } else if (seen.outcome === 'not_done') {
    await settleNotDone(deps, call, last);
  } else {
    await settleUnknown(deps, call, seen.look, last.wakes === true);
  }
  return (await findCall(deps, call.id)) ?? call;
}

/**
 * The attempt may have found a better handle since the row was read: a draft's id. Read back by the old one, a mail that
 * was sent would count as not sent.
 */
async function withLatestHandle(deps: CallDeps, call: Call): Promise<Call> {
  const latest = await findCall(deps, call.id);
  return latest === null || latest.attemptId !== call.attemptId ? call : { ...call, handle: latest.handle };
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
    return await action.reconcile(args, { http: lease.http, handle: call.handle as Handle });
  } catch (error) {
    if (error instanceof ProviderError || error instanceof DeskError) return { outcome: 'unknown', look };
    throw error;
  } finally {
    await lease.end();
  }
}

/** Seconds until nothing that the attempt sent can take effect any more; 0 or less when that is so now. */
async function findUnrest(tx: Transaction, call: Call, quietSeconds: number): Promise<number> {
  if (findAction(call.action)?.risk === 'read') return 0;
  const [row] = await tx
    .select({
      seconds: sql<string>`extract(epoch from max(coalesce(
        ended_at + make_interval(secs => ${quietSeconds}),
        expires_at + make_interval(secs => ${QUIET_SECONDS})
      )) - clock_timestamp())`,
    })
    .from(leases)
    .where(
      and(
        eq(leases.callId, call.id),
        eq(leases.kind, 'perform'),
        eq(leases.attemptId, call.attemptId ?? NO_ATTEMPT),
      ),
    );
  return Number(row?.seconds ?? 0);
}

/**
 * Back to where it can be claimed, while its time lasts; the approval counts as unused again, because it was. Only for
 * the attempt that was read back, and only once that can do nothing more: the row is locked, so that its lease is
 * either seen here or finds itself refused.
 */
async function settleNotDone(
  deps: CallDeps,
  call: Call,
  last: { readonly answered: boolean; readonly wakes?: boolean },
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const [locked] = await tx
      .select({
        attemptId: calls.attemptId,
        handle: calls.handle,
        late: sql<boolean>`coalesce(${calls.executeBy} <= clock_timestamp(), true)`,
      })
      .from(calls)
      .where(eq(calls.id, call.id))
      .for('update');
    if (locked === undefined || locked.attemptId !== call.attemptId) return;
    // Another handle by now: what was read does not tell of this attempt, which is looked at again when it is due.
    if (JSON.stringify(locked.handle) !== JSON.stringify(call.handle)) return;
    const unrest = await findUnrest(tx, call, last.answered ? 0 : QUIET_SECONDS);
    if (unrest > 0) {
      await tx
        .update(calls)
        .set({ reconcileAt: sql`clock_timestamp() + make_interval(secs => ${unrest})` })
        .where(and(eq(calls.id, call.id), inArray(calls.status, ['executing', 'unknown'])));
      return;
    }
    if (locked.late) {
      const error = new DeskError('execute_too_late');
      const ended = {
        errorCode: error.code,
        errorMessage: error.message,
        settledAt: now(),
        reconcileAt: null,
      };
      const failed = await moveCall(tx, 'fail', call.id, ended, {
        ...readBackBy(call),
        attempt: call.attemptId,
      });
      if (failed !== null && last.wakes === true) await wakeTurn(tx, deps, call);
      return;
    }
    const released = await moveCall(
      tx,
      call.outcome === 'allow' ? 'releaseAllowed' : 'releaseApproved',
      call.id,
      { attemptId: null, handle: null, reconcileAt: null, errorCode: null, errorMessage: null },
      { ...readBackBy(call), outcome: 'not_done', attempt: call.attemptId },
    );
    if (released === null) return;
    await tx.update(approvals).set({ consumedAt: null }).where(eq(approvals.callId, call.id));
    if (last.wakes === true) await wakeTurn(tx, deps, call);
  });
}

async function settleUnknown(deps: CallDeps, call: Call, look: string, wakes: boolean): Promise<void> {
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
      const moved = await moveCall(tx, 'lose', call.id, lost, {
        actor: 'desk',
        why: look,
        detail: { attempt: call.attemptId },
        attempt: call.attemptId,
      });
      if (moved !== null && wakes) await wakeTurn(tx, deps, call);
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
  for (const call of due) await reconcile(deps, call, { answered: isPutOff(call), wakes: true });
  return due.length;
}

/** Refused for the rate limit: an answer, so nothing of that attempt is under way. */
function isPutOff(call: Call): boolean {
  return call.status === 'executing' && call.errorCode === 'provider_rate_limited';
}

/** The person's card and the agent learn of it through the turn. */
async function wakeTurn(tx: Transaction, deps: CallDeps, call: Call): Promise<void> {
  const [turn] = await tx.select().from(turns).where(eq(turns.id, call.turnId));
  if (turn === undefined) return;
  const { workspaceId, conversationId } = turn;
  await enqueueWork(tx, deps.jobs, { workspaceId, conversationId, turnId: turn.id, kind: 'resume' });
}

/** What the audit says of a call that was settled by reading. */
function readBackBy(call: Call): { actor: string; detail: { attempt: string | null; reconciled: boolean } } {
  return { actor: 'desk', detail: { attempt: call.attemptId, reconciled: true } };
}

function now(): SQL {
  return sql`clock_timestamp()`;
}
