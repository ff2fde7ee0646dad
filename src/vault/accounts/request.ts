import { append } from '../../audit/append.ts';
import type { Transaction } from '../../db/client.ts';
import { and, desc, eq, inArray, sql } from '../../db/drizzle.ts';
import { readLinkReference, writeLinkReference } from '../../db/link-reference.ts';
import { connectRequests } from '../../db/schema/workspaces.ts';
import { DeskError } from '../../errors.ts';
import type { ConnectRequest, VaultDeps } from '../deps.ts';

const LINK_SECONDS = 1800;

/** Links one waiting call gets before it is given up, so that nobody is asked for ever. */
const LINKS_PER_CALL = 3;

export interface ConnectPurpose {
  readonly workspaceId: string;
  readonly memberId: string;
  readonly connection: string;
  /** What it is for, in words: shown on the page and the card. */
  readonly purpose: string;
  /** The call that waits for it. */
  readonly waiting: { readonly turnId: string; readonly toolCallId: string } | null;
}

/**
 * A one-time request to connect an account. A call that waits has one, however often it asks: a fresh one when the
 * last failed or ran out, three in all, after which it gets the last, ended one.
 */
export async function requestConnect(deps: VaultDeps, purpose: ConnectPurpose): Promise<ConnectRequest> {
  return deps.database.transaction(async (tx) => {
    if (purpose.waiting !== null) {
      const { turnId, toolCallId } = purpose.waiting;
      await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`${turnId}/${toolCallId}`}))`);
      const earlier = await findEarlier(tx, purpose.workspaceId, turnId, toolCallId);
      if (earlier !== null) return earlier;
    }
    const id = crypto.randomUUID();
    const [row] = await tx
      .insert(connectRequests)
      .values({
        id,
        workspaceId: purpose.workspaceId,
        memberId: purpose.memberId,
        connection: purpose.connection,
        scopes: [...deps.scopesOf(purpose.connection)],
        purpose: purpose.purpose,
        status: 'open',
        turnId: purpose.waiting?.turnId ?? null,
        toolCallId: purpose.waiting?.toolCallId ?? null,
        expiresAt: sql`clock_timestamp() + make_interval(secs => ${LINK_SECONDS})`,
      })
      .returning();
    if (row === undefined) throw new DeskError('internal', { reference: 'connect request was not stored' });
    await append(tx, {
      workspaceId: row.workspaceId,
      type: 'account.connect_requested',
      actor: `member:${row.memberId}`,
      memberId: row.memberId,
      target: row.connection,
      outcome: 'open',
      turnId: row.turnId,
      detail: { request: row.id, scopes: row.scopes },
    });
    return row;
  });
}

/** What a call that waits already has, unless that ended and it may have another. */
async function findEarlier(
  tx: Transaction,
  workspaceId: string,
  turnId: string,
  toolCallId: string,
): Promise<ConnectRequest | null> {
  const rows = await tx
    .select({ row: connectRequests, late: sql<boolean>`${connectRequests.expiresAt} <= clock_timestamp()` })
    .from(connectRequests)
    .where(
      and(
        eq(connectRequests.workspaceId, workspaceId),
        eq(connectRequests.turnId, turnId),
        eq(connectRequests.toolCallId, toolCallId),
      ),
    )
    .orderBy(desc(connectRequests.createdAt));
  const [last] = rows;
  if (last === undefined) return null;
  const hasEnded =
    last.row.status === 'failed' ||
    last.row.status === 'expired' ||
    (last.late && last.row.status !== 'connected' && last.row.status !== 'awaiting_admin');
  return hasEnded && rows.length < LINKS_PER_CALL ? null : last.row;
}

/** The link of a request; it can be drawn again for the same card. */
export function writeConnectLink(deps: Pick<VaultDeps, 'keyring' | 'publicUrl'>, requestId: string): string {
  return `${deps.publicUrl}/connect/${writeLinkReference(deps.keyring, 'connect', requestId)}`;
}

/**
 * Finds the request a link names.
 * @param reference `<id>.<mac>` as it stands in the link
 * @throws DeskError `connect_expired` when there is none, its MAC is wrong, or its time is over; `connect_used` and
 *   `connect_under_way` when it was gone through
 */
export async function readConnectLink(deps: VaultDeps, reference: string): Promise<ConnectRequest> {
  const id = readLinkReference(deps.keyring, 'connect', reference);
  if (id === null) throw new DeskError('connect_expired');
  return findLive(deps, id);
}

/** @throws DeskError `connect_expired`, `connect_used`, `connect_under_way` */
export async function findLive(deps: VaultDeps, id: string): Promise<ConnectRequest> {
  const [found] = await deps.database.db
    .select({ row: connectRequests, late: sql<boolean>`${connectRequests.expiresAt} <= clock_timestamp()` })
    .from(connectRequests)
    .where(eq(connectRequests.id, id));
  if (found === undefined) throw new DeskError('connect_expired');
  if (['connected', 'failed', 'awaiting_admin'].includes(found.row.status))
    throw new DeskError('connect_used');
  if (found.late || found.row.status === 'expired') throw new DeskError('connect_expired');
  if (found.row.status === 'completing') throw new DeskError('connect_under_way');
  return found.row;
}

/** The requests some calls of a turn wait for. */
export async function listWaiting(
  deps: Pick<VaultDeps, 'database'>,
  turnId: string,
): Promise<ConnectRequest[]> {
  return deps.database.db
    .select()
    .from(connectRequests)
    .where(
      and(
        eq(connectRequests.turnId, turnId),
        inArray(connectRequests.status, ['open', 'proving', 'authorizing', 'completing']),
      ),
    );
}

/** @returns the request a call waits for, whatever its state */
export async function findConnectRequest(
  deps: Pick<VaultDeps, 'database'>,
  workspaceId: string,
  id: string,
): Promise<ConnectRequest | null> {
  const [row] = await deps.database.db
    .select()
    .from(connectRequests)
    .where(and(eq(connectRequests.workspaceId, workspaceId), eq(connectRequests.id, id)));
  return row ?? null;
}
