import { append } from '../../audit/append.ts';
import type { Database, Transaction } from '../../db/client.ts';
import { and, eq, inArray, sql, type SQL } from '../../db/drizzle.ts';
import { grants } from '../../db/schema/grants.ts';
import { DeskError } from '../../errors.ts';

/** Which grants: all of a workspace's, or a member's, or certain ones; `workspaceId: null` is everybody's. */
export interface GrantScope {
  readonly workspaceId: string | null;
  readonly memberId: string | null;
  readonly ids?: readonly string[];
}

/**
 * Ends grants for good, also those that still wait for their approval. Whoever claims by one holds its row, so that a
 * claim either came before or finds it ended.
 * @param why a clause for people: "AgentDesk was stopped"
 * @returns how many were ended
 */
export async function endGrants(
  tx: Transaction,
  scope: GrantScope,
  actor: string,
  why: string,
): Promise<number> {
  const { workspaceId, memberId, ids } = scope;
  const within: (SQL | undefined)[] = [
    workspaceId === null ? undefined : eq(grants.workspaceId, workspaceId),
    memberId === null ? undefined : eq(grants.memberId, memberId),
    ids === undefined ? undefined : inArray(grants.id, [...ids]),
  ];
  const ended = await tx
    .update(grants)
    .set({ status: 'ended', endedAt: sql`clock_timestamp()`, endedWhy: why })
    .where(and(...within, inArray(grants.status, ['pending', 'active'])))
    .returning();
  await append(
    tx,
    ...ended.map((row) => ({
      workspaceId: row.workspaceId,
      type: 'grant.ended' as const,
      actor,
      memberId: row.memberId,
      agent: row.agent,
      action: row.action,
      target: row.sentence,
      outcome: 'ended',
      why,
      call: { id: null, code: row.code },
      detail: { grant: row.id, uses: row.uses },
    })),
  );
  return ended.length;
}

/**
 * A member takes back a grant of theirs.
 * @param which its id, or its code
 * @throws DeskError `grant_unknown` when they have none such in force
 */
export async function revokeGrant(
  database: Database,
  who: { readonly workspaceId: string; readonly memberId: string },
  which: { readonly id: string } | { readonly code: string },
): Promise<{ sentence: string; uses: number }> {
  const { workspaceId, memberId } = who;
  return database.transaction(async (tx) => {
    const [row] = await tx
      .select()
      .from(grants)
      .where(
        and(
          eq(grants.workspaceId, workspaceId),
          eq(grants.memberId, memberId),
          'code' in which ? eq(grants.code, which.code) : sql`id::text = ${which.id}`,
          inArray(grants.status, ['pending', 'active']),
        ),
      )
      .limit(1);
    const ended =
      row !== undefined &&
      (await endGrants(tx, { ...who, ids: [row.id] }, `member:${memberId}`, 'you revoked it')) === 1;
    if (!ended) throw new DeskError('grant_unknown');
    return row;
  });
}
