import type { Transaction } from '../db/client.ts';
import { and, eq, inArray, sql } from '../db/drizzle.ts';
import { approvals, calls } from '../db/schema/calls.ts';
import { turns } from '../db/schema/conversations.ts';
import { enqueueWork } from '../db/work.ts';
import { DeskError } from '../errors.ts';
import type { Call, CallDeps } from './deps.ts';
import { moveCall } from './transitions.ts';

/** Calls ended in one go; the next go follows at once. */
const BATCH = 100;

type ExpireDeps = Pick<CallDeps, 'database' | 'jobs'>;

/**
 * Ends calls that might run and that nobody claimed within `execute_by`, by the database's clock: a turn that died,
 * or was never woken, leaves them behind. Their turn is woken, so that card and model learn of it. Any process may do
 * it; rows another one is working on are skipped.
 * @returns how many were ended
 */
export async function expireUnclaimed(deps: ExpireDeps): Promise<number> {
  for (let ended = 0; ended < BATCH; ended += 1) {
    const call = await deps.database.transaction((tx) => expireOne(tx, deps));
    if (call === null) return ended;
  }
  return BATCH;
}

/** One call, its event and its wake-up in one transaction, so that one that fails holds up no other for long. */
async function expireOne(tx: Transaction, deps: ExpireDeps): Promise<Call | null> {
  const [due] = await tx
    .select({ id: calls.id })
    .from(calls)
    .where(
      and(
        inArray(calls.status, ['allowed', 'approved']),
        // Without a time the claim takes it for over, too.
        sql`coalesce(${calls.executeBy}, '-infinity') <= clock_timestamp()`,
        // One that waits for a second device is ended with its approval, which says so.
        sql`not exists (select 1 from ${approvals} where ${approvals.callId} = ${calls.id}
          and ${approvals.status} = 'approved' and ${approvals.tier} = 'approve_strong'
          and ${approvals.strongAt} is null)`,
      ),
    )
    .orderBy(calls.executeBy)
    .limit(1)
    .for('update', { skipLocked: true });
  if (due === undefined) return null;
  const late = new DeskError('execute_too_late');
  const call = await moveCall(
    tx,
    'expire',
    due.id,
    { errorCode: late.code, errorMessage: late.message, settledAt: sql`clock_timestamp()` },
    { actor: 'desk', detail: { unclaimed: true } },
  );
  if (call !== null) await wakeTurn(tx, deps, call);
  return call;
}

async function wakeTurn(tx: Transaction, deps: ExpireDeps, call: Call): Promise<void> {
  const [turn] = await tx.select().from(turns).where(eq(turns.id, call.turnId));
  if (turn === undefined) return;
  const { workspaceId, conversationId } = turn;
  await enqueueWork(tx, deps.jobs, { workspaceId, conversationId, turnId: turn.id, kind: 'resume' });
}
