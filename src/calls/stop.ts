import { append } from '../audit/append.ts';
import { endPending } from '../approvals/expire.ts';
import type { Transaction } from '../db/client.ts';
import { and, eq, inArray, sql } from '../db/drizzle.ts';
import { approvals, calls } from '../db/schema/calls.ts';
import { turns } from '../db/schema/conversations.ts';
import { stops } from '../db/schema/workspaces.ts';
import { enqueueWork, type Work } from '../db/work.ts';
import type { Call, CallDeps, Turn } from './deps.ts';
import { listUnsettled } from './query.ts';
import { voidOpen, type StopDeps, type StopScope } from './void-open.ts';

/**
 * Stops: when it returns, no new claim can commit for the scope, pending approvals and grants are void, and open turns are told
 * to end. Claims hold the flag rows FOR SHARE, so the update below waits for those under way and beats the rest.
 * @returns calls that were already executing, which may still happen
 */
export async function stop(deps: StopDeps, scope: StopScope, actor: string): Promise<Call[]> {
  await deps.database.transaction(async (tx) => {
    await setFlag(tx, scope, actor);
    await voidOpen(tx, deps, scope, actor, {
      code: 'stopped',
      message: 'Stopped before it ran.',
      clause: 'AgentDesk was stopped',
    });
    await record(tx, scope, actor, 'desk.stopped');
  });
  if (scope.workspaceId === null) {
    return deps.database.db
      .select()
      .from(calls)
      .where(inArray(calls.status, ['executing', 'unknown']));
  }
  return listUnsettled(deps, scope.workspaceId, scope.memberId);
}

/** Lifts a stop. Nothing that was void comes back. */
export async function resume(deps: StopDeps, scope: StopScope, actor: string): Promise<void> {
  await deps.database.transaction(async (tx) => {
    await tx
      .update(stops)
      .set({ stoppedAt: null, stoppedBy: null })
      .where(and(eq(stops.workspaceId, scope.workspaceId ?? ''), eq(stops.memberId, scope.memberId ?? '')));
    await record(tx, scope, actor, 'desk.resumed');
  });
}

/** Ends one turn by its person's wish (Slack's own Stop button): pending approvals of it are void. */
export async function cancelTurn(deps: StopDeps, turnId: string, actor: string): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const [turn] = await tx.select().from(turns).where(eq(turns.id, turnId));
    if (turn === undefined) return;
    const open = await tx
      .select({ id: approvals.id })
      .from(approvals)
      .where(and(eq(approvals.turnId, turnId), eq(approvals.status, 'pending')))
      .for('update');
    await endPending(
      tx,
      deps.approvals,
      open.map((row) => row.id),
      'cancelled',
      actor,
    );
    await tx
      .update(turns)
      .set({ status: 'cancelled', endedAt: sql`clock_timestamp()` })
      .where(and(eq(turns.id, turnId), inArray(turns.status, ['queued', 'running', 'waiting'])));
    await enqueueWork(tx, deps.jobs, cancelOf(turn));
  });
}

/** The stop that holds for a member, or null: the widest one wins. */
export async function findStop(
  deps: Pick<CallDeps, 'database'>,
  workspaceId: string,
  memberId: string,
): Promise<'everything' | 'workspace' | 'member' | null> {
  const rows = await deps.database.db
    .select()
    .from(stops)
    .where(
      sql`stopped_at is not null and ((workspace_id = '' and member_id = '')
        or (workspace_id = ${workspaceId} and member_id in ('', ${memberId})))`,
    );
  if (rows.length === 0) return null;
  if (rows.some((row) => row.workspaceId === '')) return 'everything';
  return rows.some((row) => row.memberId === '') ? 'workspace' : 'member';
}

function cancelOf(turn: Turn): Work {
  return {
    workspaceId: turn.workspaceId,
    conversationId: turn.conversationId,
    turnId: turn.id,
    kind: 'cancel',
  };
}

async function setFlag(tx: Transaction, scope: StopScope, actor: string): Promise<void> {
  const key = { workspaceId: scope.workspaceId ?? '', memberId: scope.memberId ?? '' };
  await tx
    .insert(stops)
    .values({ ...key, stoppedAt: sql`clock_timestamp()`, stoppedBy: actor })
    .onConflictDoUpdate({
      target: [stops.workspaceId, stops.memberId],
      set: { stoppedAt: sql`clock_timestamp()`, stoppedBy: actor },
    });
}

async function record(
  tx: Transaction,
  scope: StopScope,
  actor: string,
  type: 'desk.stopped' | 'desk.resumed',
): Promise<void> {
  await append(tx, {
    workspaceId: scope.workspaceId ?? '',
    type,
    actor,
    memberId: scope.memberId,
    outcome: type === 'desk.stopped' ? 'stopped' : 'resumed',
    target: scope.workspaceId === null ? 'everything' : scope.memberId === null ? 'workspace' : 'member',
  });
}
