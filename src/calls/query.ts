import { and, asc, eq, inArray, sql } from '../db/drizzle.ts';
import { approvals, calls } from '../db/schema/calls.ts';
import type { Approval } from '../approvals/deps.ts';
import { listWaiting } from '../vault/accounts/request.ts';
import type { Call, CallDeps } from './deps.ts';

type QueryDeps = Pick<CallDeps, 'database'>;

/** A turn's calls in the order they were proposed. */
export async function listTurnCalls(deps: QueryDeps, turnId: string): Promise<Call[]> {
  return deps.database.db.select().from(calls).where(eq(calls.turnId, turnId)).orderBy(asc(calls.createdAt));
}

export async function findCall(deps: QueryDeps, callId: string): Promise<Call | null> {
  const [row] = await deps.database.db.select().from(calls).where(eq(calls.id, callId));
  return row ?? null;
}

/** The call an approval is about; null when it is about something else. */
export async function findCallOf(
  deps: QueryDeps,
  { callId }: Pick<Approval, 'callId'>,
): Promise<Call | null> {
  return callId === null ? null : findCall(deps, callId);
}

/** The newest revision of a tool call. */
export async function findLatestRevision(
  deps: QueryDeps,
  key: { workspaceId: string; turnId: string; toolCallId: string },
): Promise<Call | null> {
  const [row] = await deps.database.db
    .select()
    .from(calls)
    .where(
      and(
        eq(calls.workspaceId, key.workspaceId),
        eq(calls.turnId, key.turnId),
        eq(calls.toolCallId, key.toolCallId),
      ),
    )
    .orderBy(sql`${calls.revision} desc`)
    .limit(1);
  return row ?? null;
}

/** The approval of a call, if it needed one. */
export async function findApprovalOf(deps: QueryDeps, callId: string): Promise<Approval | null> {
  const [row] = await deps.database.db.select().from(approvals).where(eq(approvals.callId, callId));
  return row ?? null;
}

/** Whether a person has yet to decide: with a click or, at the strong tier, with their second device after it. */
export async function waitsForPerson(deps: QueryDeps, call: Call): Promise<boolean> {
  if (call.status !== 'approved' || call.outcome !== 'approve_strong') return call.status === 'pending';
  const approval = await findApprovalOf(deps, call.id);
  return approval?.status === 'approved' && approval.strongAt === null;
}

/** Calls of a member that may still happen: executing, or not known. */
export async function listUnsettled(
  deps: QueryDeps,
  workspaceId: string,
  memberId: string | null,
): Promise<Call[]> {
  return deps.database.db
    .select()
    .from(calls)
    .where(
      and(
        eq(calls.workspaceId, workspaceId),
        memberId === null ? undefined : eq(calls.memberId, memberId),
        inArray(calls.status, ['executing', 'unknown']),
      ),
    )
    .orderBy(asc(calls.createdAt))
    .limit(50);
}

/** The first revision of the tool call a row belongs to. */
export async function findFirstRevision(deps: QueryDeps, call: Call): Promise<Call> {
  const [row] = await deps.database.db
    .select()
    .from(calls)
    .where(
      and(
        eq(calls.workspaceId, call.workspaceId),
        eq(calls.turnId, call.turnId),
        eq(calls.toolCallId, call.toolCallId),
        eq(calls.revision, 1),
      ),
    );
  return row ?? call;
}

/** Ids of the connect requests a turn waits for. */
export async function listWaitingConnects(deps: Pick<CallDeps, 'vault'>, turnId: string): Promise<string[]> {
  return (await listWaiting(deps.vault, turnId)).map((request) => request.id);
}
