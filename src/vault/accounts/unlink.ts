import { append } from '../../audit/append.ts';
import { and, eq, isNotNull, isNull, sql } from '../../db/drizzle.ts';
import { links, members, revocations } from '../../db/schema/workspaces.ts';
import { DeskError } from '../../errors.ts';
import type { VaultDeps } from '../deps.ts';
import { openRefreshToken } from '../tenant/refresh-token.ts';

const BATCH = 20;

/** Days after which a link goes though the tenant does not take its refresh token back. */
const GIVE_UP_DAYS = 3;

/**
 * Removes the links of members who left, once their accounts are revoked: a tenant lets nobody revoke them without the
 * link. One the tenant does not take back now is tried again.
 * @returns how many were removed
 */
export async function removeDepartedLinks(deps: VaultDeps): Promise<number> {
  const isOpen = sql`exists (select 1 from ${revocations} where ${revocations.workspaceId} = ${links.workspaceId}
    and ${revocations.memberId} = ${links.memberId} and ${revocations.endedAt} is null)`;
  const due = await deps.database.db
    .select({
      workspaceId: links.workspaceId,
      memberId: links.memberId,
      late: sql<boolean>`${members.leftAt} < clock_timestamp() - make_interval(days => ${GIVE_UP_DAYS})`,
    })
    .from(links)
    .innerJoin(members, and(eq(members.workspaceId, links.workspaceId), eq(members.memberId, links.memberId)))
    .where(and(isNull(links.unlinkedAt), isNotNull(members.leftAt), sql`not ${isOpen}`))
    .limit(BATCH);
  let removed = 0;
  for (const { workspaceId, memberId, late } of due) {
    if (await removeLink(deps, workspaceId, memberId, 'desk', late)) removed += 1;
  }
  return removed;
}

/**
 * Ends a member's link: the tenant forgets the refresh token, then it goes here.
 * @param atOnce removes it here though the tenant does not answer
 * @returns false when there is none, or the tenant is to be asked again
 */
export async function removeLink(
  deps: VaultDeps,
  workspaceId: string,
  memberId: string,
  actor: string,
  atOnce = false,
): Promise<boolean> {
  const isOwn = and(
    eq(links.workspaceId, workspaceId),
    eq(links.memberId, memberId),
    isNull(links.unlinkedAt),
  );
  const [link] = await deps.database.db.select().from(links).where(isOwn);
  if (link === undefined) return false;
  const problem = await discard(deps, link);
  if (problem !== null && !atOnce) {
    deps.log.warn({ workspace: workspaceId, err: problem }, 'a link could not be ended at the tenant');
    return false;
  }
  return deps.database.transaction(async (tx) => {
    const ended = await tx
      .update(links)
      .set({ unlinkedAt: sql`clock_timestamp()`, refreshSealed: null })
      .where(and(isOwn, eq(links.subject, link.subject)))
      .returning({ subject: links.subject });
    if (ended.length === 0) return false;
    await append(tx, {
      workspaceId,
      type: 'link.removed',
      actor,
      memberId,
      target: link.issuer,
      outcome: problem === null ? 'removed' : 'not_revoked_at_provider',
      why: problem?.message ?? null,
      detail: { subject: link.subject },
    });
    return true;
  });
}

/** @returns why the tenant did not take the refresh token back, or null */
async function discard(deps: VaultDeps, link: typeof links.$inferSelect): Promise<DeskError | null> {
  const { issuer, refreshSealed: sealed } = link;
  if (sealed === null || deps.linking === null) return null;
  try {
    await deps.linking.login.revoke(openRefreshToken(deps.keyring, issuer, link, sealed));
    return null;
  } catch (error) {
    if (error instanceof DeskError) return error;
    throw error;
  }
}
