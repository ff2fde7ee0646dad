import type { ActionResult, Handle } from '../actions/action.ts';
import { findAction } from '../actions/catalog.ts';
import { prove } from '../approvals/prove.ts';
import { and, eq, sql } from '../db/drizzle.ts';
import { calls } from '../db/schema/calls.ts';
import { DeskError, ProviderError } from '../errors.ts';
import { openLease } from '../vault/leases.ts';
import { claim, type Claimed } from './claim.ts';
import type { Call, CallDeps, Turn } from './deps.ts';
import { findApprovalOf, findCall } from './query.ts';
import { reconcile } from './reconcile.ts';
import { moveCall } from './transitions.ts';

/** A perform lease lives this long; after it, an attempt of a dead process can certainly send nothing more. */
const PERFORM_SECONDS = 35;

/** What a provider that does not say how long is given. */
const DEFAULT_WAIT_SECONDS = 60;
/** What must be left of a call's time after a wait, to claim it again. */
const SPARE_SECONDS = 5;

/**
 * Runs a call that may run, and returns its row as it stands afterwards. Whatever was done before, by this process
 * or another, is never done again: a row that is executing is read back instead.
 * @throws DeskError `vault_unreachable` when the authority cannot be asked for its proof (repeat later)
 */
export async function perform(deps: CallDeps, turn: Turn, callId: string): Promise<Call> {
  const before = await mustFind(deps, callId);
  if (before.status === 'executing') return reconcile(deps, before);
  if (before.status === 'denied') await proveDecision(deps, before);
  if (before.status === 'approved') {
    const refused = await proveDecision(deps, before);
    if (refused !== null) return refused;
  }
  let claimed: Claimed | null;
  try {
    claimed = await claim(deps, callId);
  } catch (error) {
    if (!(error instanceof DeskError)) throw error;
    return mustFind(deps, callId);
  }
  if (claimed !== null) await execute(deps, turn, claimed);
  return mustFind(deps, callId);
}

/**
 * Ends a call that did not happen, however often it was tried, and that nothing will try again.
 * @returns its row
 */
export async function giveUp(deps: CallDeps, call: Call): Promise<Call> {
  const error = new DeskError('not_done_twice');
  const change = { errorCode: error.code, errorMessage: error.message, settledAt: sql`clock_timestamp()` };
  await deps.database.transaction((tx) => moveCall(tx, 'cancel', call.id, change, { actor: 'desk' }));
  return mustFind(deps, call.id);
}

/** @returns the call's row when the proof was refused, else null */
async function proveDecision(deps: CallDeps, call: Call): Promise<Call | null> {
  const approval = await findApprovalOf(deps, call.id);
  if (approval === null) return null;
  try {
    await prove(deps.approvals, approval);
    return null;
  } catch (error) {
    if (error instanceof DeskError && error.code === 'approval_invalid') return mustFind(deps, call.id);
    throw error;
  }
}

async function execute(deps: CallDeps, turn: Turn, { call, account }: Claimed): Promise<void> {
  const action = findAction(call.action);
  if (action === undefined) throw new DeskError('internal', { reference: 'claimed an unknown action' });
  const lease = await openLease(deps.vault, {
    kind: 'perform',
    account,
    issuer: call.issuer,
    subject: call.subject,
    action: call.action,
    scopes: action.scopes,
    rules: action.requests.perform,
    call: { id: call.id, code: call.code, attemptId: call.attemptId },
    turnId: turn.id,
    traceId: turn.traceId,
    seconds: PERFORM_SECONDS,
  });
  try {
    const args = action.args.parse(JSON.parse(call.args.toString('utf8')));
    const result = await action.execute(args, {
      http: lease.http,
      handle: call.handle as Handle,
      saveHandle: (handle) => saveHandle(deps, call, handle),
    });
    await settleDone(deps, call, result);
  } catch (error) {
    await lease.end();
    await settleError(deps, call, error);
  } finally {
    await lease.end();
  }
}

async function saveHandle(deps: CallDeps, call: Call, handle: Handle): Promise<void> {
  const rows = await deps.database.db
    .update(calls)
    .set({ handle })
    .where(
      and(eq(calls.id, call.id), eq(calls.status, 'executing'), eq(calls.attemptId, call.attemptId ?? '')),
    )
    .returning({ id: calls.id });
  if (rows.length === 0)
    throw new DeskError('lease_refused', { reason: 'the attempt was settled meanwhile' });
}

/**
 * Outcome and audit in one transaction. What happened is written down whichever attempt it was, also when the call had
 * been let go in between: it must not happen again.
 */
async function settleDone(deps: CallDeps, call: Call, result: ActionResult): Promise<void> {
  const change = {
    result: JSON.parse(JSON.stringify(result).replaceAll('\\u0000', '\\ufffd')) as object,
    errorCode: null,
    errorMessage: null,
    settledAt: sql`clock_timestamp()`,
    reconcileAt: null,
  };
  const about = {
    actor: 'desk',
    why: result.summary,
    detail: { attempt: call.attemptId, link: result.link ?? null },
  };
  const settled = await deps.database.transaction(
    async (tx) =>
      (await moveCall(tx, 'finish', call.id, change, about)) ??
      (await moveCall(tx, 'arrive', call.id, change, about)),
  );
  if (settled === null) deps.log.warn({ code: call.code }, 'an effect arrived after its call had ended');
}

async function settleError(deps: CallDeps, call: Call, error: unknown): Promise<void> {
  const known = error instanceof DeskError ? error : null;
  if (known === null) deps.log.error({ err: error, code: call.code }, 'action failed unexpectedly');
  const isRead = findAction(call.action)?.risk === 'read';
  if (error instanceof ProviderError && (await waitForProvider(deps, call, error))) return;
  const mayHaveHappened = !isRead && (error instanceof ProviderError ? error.effectPossible : known === null);
  if (mayHaveHappened) {
    // The answer is lost, the effect perhaps not: read it back at once.
    await reconcile(deps, call, { answered: error instanceof ProviderError && error.status !== null });
    return;
  }
  await deps.database.transaction((tx) =>
    moveCall(
      tx,
      'fail',
      call.id,
      {
        errorCode: known?.code ?? 'internal',
        errorMessage: known?.message ?? new DeskError('internal', { reference: call.code }).message,
        settledAt: sql`clock_timestamp()`,
        reconcileAt: null,
      },
      {
        actor: 'desk',
        why: known?.message ?? 'unexpected error',
        detail: { attempt: call.attemptId },
        attempt: call.attemptId,
      },
    ),
  );
}

/**
 * A provider that refused for its rate limit is asked again when it says, while the call's time lasts: the call stays
 * executing, and is then read back as not done and claimed anew.
 * @returns false when that is not what happened, or when there is not enough time
 */
async function waitForProvider(deps: CallDeps, call: Call, error: ProviderError): Promise<boolean> {
  if (error.code !== 'provider_rate_limited' || error.effectPossible) return false;
  const seconds = Math.max(1, error.retryAfter ?? DEFAULT_WAIT_SECONDS);
  const rows = await deps.database.db
    .update(calls)
    .set({
      errorCode: error.code,
      errorMessage: new DeskError('provider_wait', { seconds }).message,
      reconcileAt: sql`clock_timestamp() + make_interval(secs => ${seconds})`,
    })
    .where(
      and(
        eq(calls.id, call.id),
        eq(calls.status, 'executing'),
        eq(calls.attemptId, call.attemptId ?? ''),
        sql`${calls.executeBy} > clock_timestamp() + make_interval(secs => ${seconds + SPARE_SECONDS})`,
      ),
    )
    .returning({ id: calls.id });
  return rows.length > 0;
}

async function mustFind(deps: CallDeps, callId: string): Promise<Call> {
  const call = await findCall(deps, callId);
  if (call === null) throw new DeskError('internal', { reference: 'call row is gone' });
  return call;
}
