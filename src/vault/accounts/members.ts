import type { Transaction } from '../../db/client.ts';
import { and, eq, isNull } from '../../db/drizzle.ts';
import { links, members, stops } from '../../db/schema/workspaces.ts';

export interface Subject {
  readonly issuer: string;
  readonly subject: string;
}

/**
 * Makes the rows every claim locks: member, stop flags, and, at an embedded vault, the link of the member to the
 * subject of the same name. Harmless to repeat.
 */
export async function ensureMember(
  tx: Transaction,
  member: { workspaceId: string; memberId: string; issuer: string; embedded: boolean },
): Promise<void> {
  const { workspaceId, memberId, issuer } = member;
  await tx.insert(members).values({ workspaceId, memberId }).onConflictDoNothing();
  await tx
    .insert(stops)
    .values([
      { workspaceId: '', memberId: '' },
      { workspaceId, memberId: '' },
      { workspaceId, memberId },
    ])
    .onConflictDoNothing();
  if (member.embedded) {
    await tx
      .insert(links)
      .values({ workspaceId, memberId, issuer, subject: `slack|${workspaceId}|${memberId}` })
      .onConflictDoNothing();
  }
}

/** Who the member is at the vault, or null when not linked. */
export async function findSubject(
  tx: Pick<Transaction, 'select'>,
  workspaceId: string,
  memberId: string,
): Promise<Subject | null> {
  const [row] = await tx
    .select({ issuer: links.issuer, subject: links.subject })
    .from(links)
    .where(and(eq(links.workspaceId, workspaceId), eq(links.memberId, memberId), isNull(links.unlinkedAt)));
  return row ?? null;
}
