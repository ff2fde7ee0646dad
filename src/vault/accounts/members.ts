import { append } from '../../audit/append.ts';
import type { Transaction } from '../../db/client.ts';
import { and, eq, isNotNull, isNull, ne, or, sql } from '../../db/drizzle.ts';
import { accounts, links, members, stops } from '../../db/schema/workspaces.ts';

export interface Subject {
  readonly issuer: string;
  readonly subject: string;
}

/**
 * Makes the rows every claim locks: member, stop flags, and, at an embedded vault, the link of the member to the
 * subject of the same name; one that led to a tenant before ends, with the accounts there. Harmless to repeat.
 */
export async function ensureMember(
  tx: Transaction,
  member: { workspaceId: string; memberId: string; issuer: string; embedded: boolean },
): Promise<void> {
  const { workspaceId, memberId, issuer } = member;
  const isOwn = and(eq(members.workspaceId, workspaceId), eq(members.memberId, memberId));
  await tx.insert(members).values({ workspaceId, memberId }).onConflictDoNothing();
  await tx
    .update(members)
    .set({ leftAt: null })
    .where(and(isOwn, isNotNull(members.leftAt)));
  await tx
    .insert(stops)
    .values([
      { workspaceId: '', memberId: '' },
      { workspaceId, memberId: '' },
      { workspaceId, memberId },
    ])
    .onConflictDoNothing();
  if (member.embedded) {
    const subject = `slack|${workspaceId}|${memberId}`;
    await moveLink(tx, { workspaceId, memberId, issuer, subject, refreshSealed: null });
    // One who had left and is back is linked as before; their accounts are not.
    await tx
      .update(links)
      .set({ unlinkedAt: null, linkedAt: sql`clock_timestamp()` })
      .where(
        and(
          eq(links.workspaceId, workspaceId),
          eq(links.memberId, memberId),
          eq(links.issuer, issuer),
          isNotNull(links.unlinkedAt),
        ),
      );
  }
}

/**
 * Makes, renews or replaces a member's link. The accounts of another subject or issuer are disconnected with it: they
 * are in a vault that is not asked any more.
 * @returns whether another subject or issuer was linked before
 * @throws an error of SQLSTATE 23505 when the subject is another member's
 */
export async function moveLink(
  tx: Transaction,
  link: Pick<typeof links.$inferInsert, 'workspaceId' | 'memberId' | 'issuer' | 'subject' | 'refreshSealed'>,
): Promise<boolean> {
  const { workspaceId, memberId, issuer, subject, refreshSealed = null } = link;
  const inserted = await tx
    .insert(links)
    .values(link)
    .onConflictDoNothing({ target: [links.workspaceId, links.memberId] })
    .returning();
  if (inserted.length > 0) return false;
  const isOwn = and(eq(links.workspaceId, workspaceId), eq(links.memberId, memberId));
  const moved = await tx
    .update(links)
    .set({ issuer, subject, refreshSealed, linkedAt: sql`clock_timestamp()`, unlinkedAt: null })
    .where(and(isOwn, or(ne(links.issuer, issuer), ne(links.subject, subject))))
    .returning();
  if (moved.length === 0) {
    if (refreshSealed !== null) {
      const linkedAt = sql`case when unlinked_at is null then linked_at else clock_timestamp() end`;
      await tx.update(links).set({ refreshSealed, linkedAt, unlinkedAt: null }).where(isOwn);
    }
    return false;
  }
  const ended = await tx
    .update(accounts)
    .set({ status: 'disconnected', disconnectedAt: sql`clock_timestamp()` })
    .where(
      and(
        eq(accounts.workspaceId, workspaceId),
        eq(accounts.memberId, memberId),
        ne(accounts.status, 'disconnected'),
      ),
    )
    .returning();
  for (const { connection, label } of ended) {
    await append(tx, {
      workspaceId,
      type: 'account.disconnected',
      actor: 'desk',
      memberId,
      target: connection,
      outcome: 'link_moved',
      detail: { label },
    });
  }
  return true;
}

/** Who the member is at the vault of that issuer, or null when not linked there. */
export async function findSubject(
  tx: Pick<Transaction, 'select'>,
  workspaceId: string,
  memberId: string,
  issuer: string,
): Promise<Subject | null> {
  const [row] = await tx
    .select({ issuer: links.issuer, subject: links.subject })
    .from(links)
    .where(
      and(
        eq(links.workspaceId, workspaceId),
        eq(links.memberId, memberId),
        eq(links.issuer, issuer),
        isNull(links.unlinkedAt),
      ),
    );
  return row ?? null;
}
