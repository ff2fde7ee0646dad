import { endPending } from '../approvals/expire.ts';
import type { Presentation } from '../approvals/presentation.ts';
import type { Transaction } from '../db/client.ts';
import { and, eq, inArray, or, sql } from '../db/drizzle.ts';
import { approvals, calls } from '../db/schema/calls.ts';
import { DeskError } from '../errors.ts';
import type { CallDeps, Turn } from './deps.ts';

/** More open approvals than this for one member wait in order. */
export const MAX_PENDING = 10;

export interface Replaced {
  readonly approvalId: string;
  readonly presentation: Presentation;
  /** Who edited it. */
  readonly actor: string;
}

/** What tells that a call was made before: as the model gave it, or as it turned out. */
interface Same {
  readonly sameness: Buffer;
  readonly action: string;
  readonly accountId: string;
  readonly args: Buffer;
}

/**
 * The stop flags stay locked until the call is written: a stop either sees it, or is seen here.
 * @throws DeskError `stopped`, `already_denied`
 */
export async function assertMayPropose(tx: Transaction, turn: Turn, same: Same): Promise<void> {
  const flags = await tx.execute<{ stopped: boolean }>(
    sql`select stopped_at is not null as stopped from agentdesk.stops where (workspace_id = '' and member_id = '')
      or (workspace_id = ${turn.workspaceId} and member_id in ('', ${turn.memberId})) for share`,
  );
  if (flags.some(({ stopped }) => stopped)) throw new DeskError('stopped');
  const [denied] = await tx
    .select({ id: calls.id })
    .from(calls)
    .where(
      and(
        eq(calls.turnId, turn.id),
        eq(calls.status, 'denied'),
        // The same thing in other words (a name beside the address, an empty list) is the same thing.
        or(
          eq(calls.sameness, same.sameness),
          and(eq(calls.action, same.action), eq(calls.accountId, same.accountId), eq(calls.args, same.args)),
        ),
      ),
    )
    .limit(1);
  if (denied !== undefined) throw new DeskError('already_denied');
}

/** The old revision ends in the transaction that writes the new one; decided or expired, it stays what it is. */
export async function supersede(tx: Transaction, deps: CallDeps, replaced: Replaced): Promise<void> {
  const ended = await endPending(tx, deps.approvals, [replaced.approvalId], 'superseded', replaced.actor);
  if (ended !== 1) throw new DeskError('not_allowed', { reason: 'it was decided or has expired meanwhile' });
}

/** Whether the member has as many open approvals as may be; asked under a lock, so that two turns do not both get the last place. */
export async function isFull(tx: Transaction, turn: Turn): Promise<boolean> {
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtext(${`pending/${turn.workspaceId}/${turn.memberId}`}))`,
  );
  const rows = await tx
    .select({ id: approvals.id })
    .from(approvals)
    .where(
      and(
        eq(approvals.workspaceId, turn.workspaceId),
        eq(approvals.memberId, turn.memberId),
        inArray(approvals.status, ['pending']),
      ),
    )
    .limit(MAX_PENDING);
  return rows.length >= MAX_PENDING;
}
