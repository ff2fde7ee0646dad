import { createHmac, timingSafeEqual } from 'node:crypto';
import { append } from '../../audit/append.ts';
import { and, eq, inArray, sql } from '../../db/drizzle.ts';
import { connectRequests } from '../../db/schema/workspaces.ts';
import { DeskError } from '../../errors.ts';
import type { ConnectRequest, VaultDeps } from '../deps.ts';

const LINK_SECONDS = 1800;

export interface ConnectPurpose {
  readonly workspaceId: string;
  readonly memberId: string;
  readonly connection: string;
  /** What it is for, in words: shown on the page and the card. */
  readonly purpose: string;
  /** The call that waits for it. */
  readonly waiting: { readonly turnId: string; readonly toolCallId: string } | null;
}

/** A one-time request to connect an account; a call that waits has one, however often it asks. */
export async function requestConnect(deps: VaultDeps, purpose: ConnectPurpose): Promise<ConnectRequest> {
  return deps.database.transaction(async (tx) => {
    if (purpose.waiting !== null) {
      const { turnId, toolCallId } = purpose.waiting;
      await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`${turnId}/${toolCallId}`}))`);
      const [existing] = await tx
        .select()
        .from(connectRequests)
        .where(
          and(
            eq(connectRequests.workspaceId, purpose.workspaceId),
            eq(connectRequests.turnId, turnId),
            eq(connectRequests.toolCallId, toolCallId),
          ),
        );
      if (existing !== undefined) return existing;
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

/**
 * The link of a request. Its secret is a MAC of the id, so nothing has to be kept that could be stolen, and the
 * link can be drawn again for the same card.
 */
export function writeConnectLink(deps: Pick<VaultDeps, 'keyring' | 'publicUrl'>, requestId: string): string {
  return `${deps.publicUrl}/connect/${requestId}.${macOf(deps, requestId)}`;
}

/**
 * Finds the request a link names.
 * @param reference `<id>.<mac>` as it stands in the link
 * @throws DeskError `connect_expired` when there is none, its MAC is wrong, or its time is over
 */
export async function readConnectLink(deps: VaultDeps, reference: string): Promise<ConnectRequest> {
  const [id = '', mac = ''] = reference.split('.');
  const expected = Buffer.from(macOf(deps, id));
  const given = Buffer.from(mac);
  if (!/^[0-9a-f-]{36}$/.test(id) || given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new DeskError('connect_expired');
  }
  return findLive(deps, id);
}

/** @throws DeskError `connect_expired`, `connect_used` */
export async function findLive(deps: VaultDeps, id: string): Promise<ConnectRequest> {
  const [found] = await deps.database.db
    .select({ row: connectRequests, late: sql<boolean>`${connectRequests.expiresAt} <= clock_timestamp()` })
    .from(connectRequests)
    .where(eq(connectRequests.id, id));
  if (found === undefined) throw new DeskError('connect_expired');
  if (['connected', 'failed', 'awaiting_admin'].includes(found.row.status))
    throw new DeskError('connect_used');
  if (found.late || found.row.status === 'expired') throw new DeskError('connect_expired');
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
        inArray(connectRequests.status, ['open', 'proving', 'authorizing']),
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

function macOf(deps: Pick<VaultDeps, 'keyring'>, id: string): string {
  return createHmac('sha256', deps.keyring.derive('connect-session'))
    .update(id)
    .digest('base64url')
    .slice(0, 32);
}
