import { append } from '../../../audit/append.ts';
import { readSqlState, type Transaction } from '../../../db/client.ts';
import { and, eq, isNull, sql } from '../../../db/drizzle.ts';
import { connectRequests, links } from '../../../db/schema/workspaces.ts';
import { wakeHome } from '../../../db/work.ts';
import { DeskError } from '../../../errors.ts';
import type { ConnectRequest, SignedIn, VaultDeps } from '../../deps.ts';
import { openRefreshToken, sealRefreshToken } from '../../tenant/refresh-token.ts';
import { moveLink } from '../members.ts';
import { resumeTurn } from '../resume.ts';
import { needLinking } from './begin.ts';
import { sealSession } from './session.ts';

const UNIQUE_VIOLATION = '23505';

/**
 * Links the member to who signed in, in the transaction that says so: row, audit, what the old link permitted, the
 * member, the admins, the turn that waits. The refresh token of the link before is left for the tenant to forget.
 * @throws DeskError `link_taken` when the identity is another member's
 */
export async function makeLink(
  tx: Transaction,
  deps: VaultDeps,
  request: ConnectRequest,
  signedIn: SignedIn,
): Promise<void> {
  const { id, workspaceId, memberId, turnId, provedBy } = request;
  const linking = needLinking(deps);
  const { issuer } = deps.vault;
  const member = { workspaceId, memberId, subject: signedIn.subject };
  const refreshSealed = sealRefreshToken(deps.keyring, issuer, member, signedIn.refreshToken);
  const old = await findOldToken(tx, deps, request);
  const moved = await move(tx, { workspaceId, memberId, issuer, subject: signedIn.subject, refreshSealed });
  if (moved) await linking.onMoved(tx, { workspaceId, memberId });
  await linking.onLinked(tx, { ...member, fresh: moved || old === null });
  await tx
    .update(connectRequests)
    .set({ status: 'connected', sessionSealed: old && sealSession(deps, id, { discarded: old }) })
    .where(eq(connectRequests.id, id));
  await append(tx, {
    workspaceId,
    type: 'link.made',
    actor: `member:${memberId}`,
    memberId,
    target: issuer,
    outcome: 'linked',
    turnId,
    detail: { request: id, subject: signedIn.subject, moved, proved_by: provedBy },
  });
  const who = describeWho(signedIn);
  const other = moved ? ' Before, it was another identity; what waited for approval then is cancelled.' : '';
  await linking.announce(tx, {
    workspaceId,
    memberId,
    text: `You are linked to ${who} at ${linking.login.domain}.${other} If that was not you, tell an admin at once.`,
    adminText: `<@${memberId}> was linked to ${who} at ${linking.login.domain}.${other}`,
  });
  if (turnId !== null) {
    await deps.onAccountChange(tx, { workspaceId, memberId, requestId: id, text: 'You are linked.' });
  }
  await wakeHome(tx, deps.jobs, request);
  await resumeTurn(tx, deps, turnId);
}

/** A tenant's identity as people know it. */
export function describeWho({ name, email }: Pick<SignedIn, 'name' | 'email'>): string {
  return email === null || email === name ? name : `${name} (${email})`;
}

async function move(tx: Transaction, link: Parameters<typeof moveLink>[1]): Promise<boolean> {
  try {
    // A savepoint, so that the transaction lives on when the identity is taken.
    const { afterCommit } = tx;
    return await tx.transaction((inner) => moveLink(Object.assign(inner, { afterCommit }), link));
  } catch (error) {
    if (readSqlState(error) === UNIQUE_VIOLATION) throw new DeskError('link_taken');
    throw error;
  }
}

async function findOldToken(
  tx: Transaction,
  deps: VaultDeps,
  { workspaceId, memberId }: ConnectRequest,
): Promise<string | null> {
  const [row] = await tx
    .select()
    .from(links)
    .where(
      and(
        eq(links.workspaceId, workspaceId),
        eq(links.memberId, memberId),
        eq(links.issuer, deps.vault.issuer),
        isNull(links.unlinkedAt),
        sql`refresh_sealed is not null`,
      ),
    );
  return row?.refreshSealed == null
    ? null
    : openRefreshToken(deps.keyring, row.issuer, row, row.refreshSealed);
}
