import { append } from '../../audit/append.ts';
import type { Transaction } from '../../db/client.ts';
import { and, eq, sql } from '../../db/drizzle.ts';
import { accounts, connectRequests } from '../../db/schema/workspaces.ts';
import { wakeHome } from '../../db/work.ts';
import { DeskError } from '../../errors.ts';
import type { ConnectRequest, VaultDeps } from '../deps.ts';
import { nameService } from '../exchange-refusal.ts';
import type { ConnectedAccount } from './my-account.ts';
import { resumeTurn } from './resume.ts';

/** How an account is called: as the vault labels it. */
export function labelOf(connected: ConnectedAccount): string {
  return connected.account?.label ?? connected.account?.email ?? connected.id;
}

/** The account of a request that waits for an admin, as it was kept. */
export function openWaiting(deps: Pick<VaultDeps, 'keyring'>, request: ConnectRequest): ConnectedAccount {
  const sealed = request.sessionSealed;
  if (sealed === null) throw new DeskError('connect_expired');
  const kept = JSON.parse(deps.keyring.open('connect-session', [request.id], sealed)) as {
    connected: ConnectedAccount;
  };
  return kept.connected;
}

/** Records a connected account, in the transaction that ends its request: row, audit, the member, Home, the turn. */
export async function recordAccount(
  tx: Transaction,
  deps: VaultDeps,
  request: ConnectRequest,
  connected: ConnectedAccount,
): Promise<void> {
  const { workspaceId, memberId, connection } = request;
  const label = labelOf(connected);
  await tx
    .update(accounts)
    .set({ status: 'disconnected', disconnectedAt: sql`clock_timestamp()` })
    .where(
      and(
        eq(accounts.workspaceId, workspaceId),
        eq(accounts.memberId, memberId),
        eq(accounts.vaultId, connected.id),
        sql`status <> 'disconnected'`,
      ),
    );
  await tx.insert(accounts).values({
    workspaceId,
    memberId,
    connection,
    vaultId: connected.id,
    providerId: connected.account?.provider_id ?? null,
    label,
    scopes: connected.scopes,
    status: 'connected',
  });
  await tx.update(connectRequests).set({ sessionSealed: null }).where(eq(connectRequests.id, request.id));
  await append(tx, {
    workspaceId,
    type: 'account.connected',
    actor: `member:${memberId}`,
    memberId,
    target: connection,
    outcome: 'connected',
    turnId: request.turnId,
    detail: { request: request.id, label, scopes: connected.scopes, proved_by: request.provedBy },
  });
  await deps.onAccountChange(tx, {
    workspaceId,
    memberId,
    requestId: request.id,
    text: `Your ${nameService(connection)} account ${label} is connected.`,
  });
  await wakeHome(tx, deps.jobs, request);
  await resumeTurn(tx, deps, request.turnId);
}

/** An admin vouches for an account whose e-mail address is not the member's. @returns what the account is called */
export async function vouchForAccount(
  deps: VaultDeps,
  workspaceId: string,
  requestId: string,
  adminId: string,
): Promise<string> {
  return deps.database.transaction(async (tx) => {
    const [row] = await tx
      .update(connectRequests)
      .set({ status: 'connected', provedBy: `admin:${adminId}` })
      .where(
        and(
          eq(connectRequests.workspaceId, workspaceId),
          eq(connectRequests.id, requestId),
          eq(connectRequests.status, 'awaiting_admin'),
          sql`member_id <> ${adminId}`,
        ),
      )
      .returning();
    if (row === undefined) throw new DeskError('connect_expired');
    const connected = openWaiting(deps, row);
    await recordAccount(tx, deps, row, connected);
    return labelOf(connected);
  });
}
