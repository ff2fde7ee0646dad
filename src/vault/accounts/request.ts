import { append } from '../../audit/append.ts';
import type { Transaction } from '../../db/client.ts';
import { and, desc, eq, inArray, ne, sql } from '../../db/drizzle.ts';
import { readLinkReference, writeLinkReference } from '../../db/link-reference.ts';
import { accounts, connectRequests } from '../../db/schema/workspaces.ts';
import { DeskError } from '../../errors.ts';
import type { ConnectRequest, ScopeLevel, VaultDeps } from '../deps.ts';
import { findSubject } from './members.ts';

const LINK_SECONDS = { account: 1800, link: 900 };

/** Links one waiting call gets before it is given up, so that nobody is asked for ever. */
const LINKS_PER_CALL = 3;

export interface ConnectPurpose {
  readonly workspaceId: string;
  readonly memberId: string;
  readonly connection: string;
  /** What it is for, in words: shown on the page and the card. */
  readonly purpose: string;
  /** What is asked for: what the connection's reads need, or all its actions; what was granted before stays. */
  readonly level: ScopeLevel;
  /** The call that waits for it. */
  readonly waiting: { readonly turnId: string; readonly toolCallId: string } | null;
}

/**
 * A one-time request to connect an account; or, of a member who is not linked to the tenant yet, to be linked first. A
 * call that waits has one, however often it asks: a fresh one when the last failed or ran out, three in all, after
 * which it gets the last, ended one. The calls of a turn share the one to be linked.
 */
export async function requestConnect(deps: VaultDeps, purpose: ConnectPurpose): Promise<ConnectRequest> {
  return deps.database.transaction(async (tx) => {
    const { workspaceId, memberId } = purpose;
    const isLinked =
      deps.linking === null || (await findSubject(tx, workspaceId, memberId, deps.vault.issuer)) !== null;
    return isLinked ? makeRequest(tx, deps, 'account', purpose) : makeRequest(tx, deps, 'link', purpose);
  });
}

/** A one-time request to be linked to the tenant, asked for by the member: a first time, to renew it, or anew. */
export async function requestLink(
  deps: VaultDeps,
  member: { readonly workspaceId: string; readonly memberId: string },
): Promise<ConnectRequest> {
  const purpose = {
    ...member,
    connection: '',
    purpose: 'Link yourself',
    level: 'read',
    waiting: null,
  } as const;
  return deps.database.transaction((tx) => makeRequest(tx, deps, 'link', purpose));
}

async function makeRequest(
  tx: Transaction,
  deps: VaultDeps,
  kind: ConnectRequest['kind'],
  purpose: ConnectPurpose,
): Promise<ConnectRequest> {
  if (purpose.waiting !== null) {
    const { turnId } = purpose.waiting;
    const toolCallId = kind === 'link' ? null : purpose.waiting.toolCallId;
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`${turnId}/${toolCallId ?? 'link'}`}))`);
    const earlier = await findEarlier(tx, purpose.workspaceId, kind, turnId, toolCallId);
    if (earlier !== null) return earlier;
  }
  const id = crypto.randomUUID();
  const [row] = await tx
    .insert(connectRequests)
    .values({
      id,
      workspaceId: purpose.workspaceId,
      memberId: purpose.memberId,
      kind,
      connection: kind === 'link' ? deps.vault.issuer : purpose.connection,
      scopes: kind === 'link' ? [] : await listScopes(tx, deps, purpose),
      purpose: purpose.purpose,
      status: 'open',
      turnId: purpose.waiting?.turnId ?? null,
      toolCallId: purpose.waiting?.toolCallId ?? null,
      expiresAt: sql`clock_timestamp() + make_interval(secs => ${LINK_SECONDS[kind]})`,
    })
    .returning();
  if (row === undefined) throw new DeskError('internal', { reference: 'connect request was not stored' });
  await append(tx, {
    workspaceId: row.workspaceId,
    type: kind === 'link' ? 'link.requested' : 'account.connect_requested',
    actor: `member:${row.memberId}`,
    memberId: row.memberId,
    target: row.connection,
    outcome: 'open',
    turnId: row.turnId,
    detail: kind === 'link' ? { request: row.id } : { request: row.id, scopes: row.scopes },
  });
  return row;
}

/**
 * What is needed of a connection, as far as the vault can ask for it. What the member granted before is asked for again,
 * since a consent at a tenant replaces the one before.
 */
async function listScopes(
  tx: Transaction,
  { vault, scopesOf }: VaultDeps,
  { workspaceId, memberId, connection, level }: ConnectPurpose,
): Promise<string[]> {
  const all = scopesOf(connection, 'all');
  const rows = await tx
    .select({ scopes: accounts.scopes })
    .from(accounts)
    .where(
      and(
        eq(accounts.workspaceId, workspaceId),
        eq(accounts.memberId, memberId),
        eq(accounts.connection, connection),
        ne(accounts.status, 'disconnected'),
      ),
    );
  const before = rows.flatMap((row) => row.scopes).filter((scope) => all.includes(scope));
  const wanted = [...new Set([...scopesOf(connection, level), ...before])];
  return [...vault.exchangeScopes(connection, wanted)];
}

/** What a call that waits already has, unless that ended and it may have another. */
async function findEarlier(
  tx: Transaction,
  workspaceId: string,
  kind: ConnectRequest['kind'],
  turnId: string,
  toolCallId: string | null,
): Promise<ConnectRequest | null> {
  const rows = await tx
    .select({ row: connectRequests, late: sql<boolean>`${connectRequests.expiresAt} <= clock_timestamp()` })
    .from(connectRequests)
    .where(
      and(
        eq(connectRequests.workspaceId, workspaceId),
        eq(connectRequests.kind, kind),
        eq(connectRequests.turnId, turnId),
        ...(toolCallId === null ? [] : [eq(connectRequests.toolCallId, toolCallId)]),
      ),
    )
    .orderBy(desc(connectRequests.createdAt));
  const [last] = rows;
  if (last === undefined) return null;
  const hasEnded =
    last.row.status === 'failed' ||
    last.row.status === 'expired' ||
    (last.late && !['connected', 'awaiting_admin', 'awaiting_approval'].includes(last.row.status));
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
  if (['connected', 'failed', 'awaiting_admin', 'awaiting_approval'].includes(found.row.status))
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
        inArray(connectRequests.status, ['open', 'proving', 'authorizing', 'completing', 'confirming']),
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
