import { randomUUID } from 'node:crypto';
import { findAction } from '../actions/catalog.ts';
import { consumeApproval } from '../approvals/consume.ts';
import { append } from '../audit/append.ts';
import { wasDone } from '../audit/query.ts';
import type { Transaction } from '../db/client.ts';
import { and, eq, inArray, or, sql } from '../db/drizzle.ts';
import { calls } from '../db/schema/calls.ts';
import { turns } from '../db/schema/conversations.ts';
import { accounts, links, stops } from '../db/schema/workspaces.ts';
import { DeskError } from '../errors.ts';
import { isStricter } from '../policy/compare.ts';
import { evaluate } from '../policy/evaluate.ts';
import { useGrant } from '../policy/grants/use.ts';
import type { PolicyCall } from '../policy/types.ts';
import type { Account } from '../vault/deps.ts';
import type { Call, CallDeps } from './deps.ts';
import { moveCall } from './transitions.ts';
import { findCallProblem } from './verify-stored.ts';

export interface Claimed {
  readonly call: Call;
  readonly account: Account;
}

/** A refusal found inside the claim's transaction, which is then rolled back. */
class ClaimRefused extends Error {
  readonly reason: DeskError;
  /** True when the rows themselves do not fit: an attack until shown otherwise. */
  readonly attack: boolean;
  constructor(reason: DeskError, attack: boolean) {
    super(reason.message);
    this.reason = reason;
    this.attack = attack;
  }
}

/**
 * The enforcement point, and the only way to a perform lease: moves one call from allowed or approved to executing,
 * re-checking everything under locks, and makes the attempt and its handle durable before anything is sent.
 * @returns null when the call is not claimable any more (another attempt has it, or it is settled)
 * @throws DeskError when a check fails; the call is cancelled or expired then, and the refusal audited
 */
export async function claim(deps: CallDeps, callId: string): Promise<Claimed | null> {
  try {
    return await deps.database.transaction((tx) => claimIn(tx, deps, callId));
  } catch (error) {
    // Any other refusal (a policy that is not known here) ends the call too: the model is told that nothing was done.
    const refused =
      error instanceof DeskError ? new ClaimRefused(error, error.code === 'policy_tampered') : error;
    if (!(refused instanceof ClaimRefused)) throw error;
    await settleRefusal(deps, callId, refused);
    throw refused.reason;
  }
}

async function claimIn(tx: Transaction, deps: CallDeps, callId: string): Promise<Claimed | null> {
  const [seen] = await tx.select().from(calls).where(eq(calls.id, callId));
  if (seen === undefined || !isClaimable(seen)) return null;
  // The flags first and the call's own row last, as a stop takes them: otherwise each could wait for the other.
  await checkTurn(tx, seen);
  await checkStops(tx, seen);
  const [found] = await tx
    .select({ call: calls, late: sql<boolean>`coalesce(${calls.executeBy} <= clock_timestamp(), true)` })
    .from(calls)
    .where(eq(calls.id, callId))
    .for('update');
  if (found === undefined || !isClaimable(found.call) || !found.call.digest.equals(seen.digest)) return null;
  const { call, late } = found;
  // Before anything that believes the row.
  const problem = findCallProblem(deps, call);
  if (problem !== null) throw new ClaimRefused(new DeskError('claim_refused', { reason: problem }), true);
  await checkPolicy(tx, deps, call);
  const account = await checkAccount(tx, call);
  if (await wasDone(tx, call.workspaceId, call.id))
    throw new ClaimRefused(new DeskError('claim_refused', { reason: 'it was done before' }), true);
  if (late) throw new ClaimRefused(new DeskError('execute_too_late'), false);
  if (call.outcome === 'allow' ? call.status !== 'allowed' : call.status !== 'approved') {
    throw new ClaimRefused(
      new DeskError('claim_refused', { reason: 'its state does not fit the policy decision' }),
      true,
    );
  }
  if (call.outcome === 'allow') await applyGrant(tx, deps, call);
  else await useApproval(tx, deps, call);
  const attemptId = randomUUID();
  const action = findAction(call.action);
  const handle = action?.createHandle(JSON.parse(call.args.toString('utf8')), {
    code: call.code,
    attemptId: attemptId.replaceAll('-', ''),
  });
  const claimed = await moveCall(
    tx,
    'claim',
    call.id,
    {
      attemptId,
      handle: handle ?? {},
      claimedAt: sql`clock_timestamp()`,
      reconcileAt: sql`clock_timestamp() + interval '90 seconds'`,
    },
    { actor: 'desk', detail: { attempt: attemptId } },
  );
  return claimed === null ? null : { call: claimed, account };
}

function isClaimable(call: Call): boolean {
  return call.status === 'allowed' || call.status === 'approved';
}

/** Slack's Stop button ends a turn; a claim either committed before it or finds it ended. */
async function checkTurn(tx: Transaction, call: Call): Promise<void> {
  const [turn] = await tx.select().from(turns).where(eq(turns.id, call.turnId)).for('share');
  if (turn === undefined || turn.status === 'cancelled') {
    throw new ClaimRefused(new DeskError('approval_cancelled'), false);
  }
}

/** The rows are locked FOR SHARE: a plain read would let a claim commit after a stop that had returned. */
async function checkStops(tx: Transaction, call: Call): Promise<void> {
  const rows = await tx
    .select()
    .from(stops)
    .where(
      or(
        and(eq(stops.workspaceId, ''), eq(stops.memberId, '')),
        and(eq(stops.workspaceId, call.workspaceId), inArray(stops.memberId, ['', call.memberId])),
      ),
    )
    .for('share');
  if (rows.length !== 3)
    throw new ClaimRefused(new DeskError('claim_refused', { reason: 'stop flags are missing' }), true);
  if (rows.some((row) => row.stoppedAt !== null)) throw new ClaimRefused(new DeskError('stopped'), false);
}

async function checkPolicy(tx: Transaction, deps: CallDeps, call: Call): Promise<void> {
  const head = await deps.policies.loadLocked(tx, call.workspaceId, call.memberId);
  const now = evaluate(head, call.policyCall as PolicyCall);
  if (isStricter(now.outcome, call.outcome)) throw new ClaimRefused(new DeskError('policy_stricter'), false);
}

async function checkAccount(tx: Transaction, call: Call): Promise<Account> {
  const [link] = await tx
    .select()
    .from(links)
    .where(and(eq(links.workspaceId, call.workspaceId), eq(links.memberId, call.memberId)))
    .for('share');
  if (
    link === undefined ||
    link.unlinkedAt !== null ||
    link.subject !== call.subject ||
    link.issuer !== call.issuer
  ) {
    throw new ClaimRefused(
      new DeskError('claim_refused', { reason: 'the member is linked differently now' }),
      false,
    );
  }
  const [account] = await tx.select().from(accounts).where(eq(accounts.id, call.accountId)).for('share');
  const fits =
    account?.status === 'connected' &&
    account.workspaceId === call.workspaceId &&
    account.memberId === call.memberId &&
    account.connection === call.connection;
  if (account === undefined || !fits) {
    throw new ClaimRefused(
      new DeskError('claim_refused', { reason: 'the account is not connected any more' }),
      false,
    );
  }
  return account;
}

async function useApproval(tx: Transaction, deps: CallDeps, call: Call): Promise<void> {
  const refused = await consumeApproval(tx, deps.approvals, {
    about: { callId: call.id },
    workspaceId: call.workspaceId,
    memberId: call.memberId,
    digest: call.digest,
    code: call.code,
    action: call.action,
    policyVersion: call.policyVersion,
    tier: call.outcome,
  });
  if (refused !== null) throw new ClaimRefused(refused.error, refused.attack);
}

/** What a grant allowed is counted, and everything about the grant looked at again. */
async function applyGrant(tx: Transaction, deps: CallDeps, call: Call): Promise<void> {
  const { grant } = call.policyCall as PolicyCall;
  const refused = grant === undefined ? null : await useGrant(tx, deps.approvals, grant, call);
  if (refused !== null) throw new ClaimRefused(refused.error, refused.attack);
}

async function settleRefusal(deps: CallDeps, callId: string, refused: ClaimRefused): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const row = await moveCall(
      tx,
      refused.reason.code === 'execute_too_late' ? 'expire' : 'cancel',
      callId,
      {
        errorCode: refused.reason.code,
        errorMessage: refused.reason.message,
        settledAt: sql`clock_timestamp()`,
      },
      { actor: 'desk', why: refused.reason.message },
    );
    if (row === null) return;
    await append(tx, {
      workspaceId: row.workspaceId,
      type: 'call.refused',
      actor: 'desk',
      memberId: row.memberId,
      action: row.action,
      outcome: refused.reason.code,
      why: refused.reason.message,
      call: { id: row.id, code: row.code },
      turnId: row.turnId,
      detail: { at: 'claim', attack: refused.attack },
    });
  });
}
