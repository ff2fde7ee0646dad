import { z } from 'zod';
import { append } from '../../audit/append.ts';
import type { Transaction } from '../../db/client.ts';
import { and, eq, sql } from '../../db/drizzle.ts';
import { turns } from '../../db/schema/conversations.ts';
import { accounts, connectRequests } from '../../db/schema/workspaces.ts';
import { enqueueWork } from '../../db/work.ts';
import { DeskError } from '../../errors.ts';
import type { ConnectRequest, VaultDeps } from '../deps.ts';
import { nameService } from '../exchange.ts';
import { callbackUrl, refuseConnect } from './connect.ts';
import { findSubject } from './members.ts';
import { completeConnect, type ConnectedAccount } from './my-account.ts';

const session = z.object({ authSession: z.string(), verifier: z.string() });

export type Completed =
  | { readonly status: 'connected'; readonly label: string }
  /** The account is not provably the member's; an admin must say so. */
  | { readonly status: 'awaiting_admin'; readonly label: string };

/**
 * The browser is back with the provider's code: completes the connection at the vault, and checks whose account
 * it is when Slack did not prove the member.
 * @param memberEmail the member's e-mail address at Slack, verified by Slack; null when unknown
 */
export async function finishConnect(
  deps: VaultDeps,
  request: ConnectRequest,
  code: string,
  memberEmail: string | null,
): Promise<Completed> {
  const subject = await findSubject(deps.database.db, request.workspaceId, request.memberId);
  if (subject === null || request.sessionSealed === null) throw new DeskError('connect_expired');
  const { authSession, verifier } = session.parse(
    JSON.parse(deps.keyring.open('connect-session', [request.id], request.sessionSealed)),
  );
  let connected: ConnectedAccount;
  try {
    connected = await completeConnect(deps.vault, subject.subject, {
      authSession,
      connectCode: code,
      redirectUri: callbackUrl(deps),
      codeVerifier: verifier,
    });
  } catch (error) {
    if (error instanceof DeskError) throw await refuseConnect(deps, request, error, 'vault refused');
    throw error;
  }
  const label = connected.account?.label ?? connected.account?.email ?? connected.id;
  const email = connected.account?.email_verified === true ? connected.account.email : null;
  const same = email !== null && email !== undefined && email.toLowerCase() === memberEmail?.toLowerCase();
  const provedBy = request.provedBy ?? (same ? 'email' : null);
  return deps.database.transaction(async (tx) => {
    const [row] = await tx
      .update(connectRequests)
      .set({
        status: provedBy === null ? 'awaiting_admin' : 'connected',
        provedBy,
        vaultId: connected.id,
        sessionSealed: deps.keyring.seal('connect-session', [request.id], JSON.stringify({ connected })),
      })
      .where(and(eq(connectRequests.id, request.id), eq(connectRequests.status, 'authorizing')))
      .returning();
    if (row === undefined) throw new DeskError('connect_used');
    if (provedBy === null) {
      await append(tx, {
        workspaceId: row.workspaceId,
        type: 'account.connect_refused',
        actor: `member:${row.memberId}`,
        memberId: row.memberId,
        target: row.connection,
        outcome: 'awaiting_admin',
        detail: { request: row.id, label },
      });
      await deps.onAccountChange(tx, {
        workspaceId: row.workspaceId,
        memberId: row.memberId,
        requestId: row.id,
        text: `${label} is not your Slack e-mail address, so an admin must vouch for it: /agentdesk account approve ${row.id}`,
      });
      return { status: 'awaiting_admin', label };
    }
    await recordAccount(tx, deps, row, connected, label);
    return { status: 'connected', label };
  });
}

/** An admin vouches for an account whose e-mail address is not the member's. */
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
    if (row?.sessionSealed === undefined || row.sessionSealed === null)
      throw new DeskError('connect_expired');
    const { connected } = JSON.parse(deps.keyring.open('connect-session', [row.id], row.sessionSealed)) as {
      connected: ConnectedAccount;
    };
    const label = connected.account?.label ?? connected.account?.email ?? connected.id;
    await recordAccount(tx, deps, row, connected, label);
    return label;
  });
}

async function recordAccount(
  tx: Transaction,
  deps: VaultDeps,
  request: ConnectRequest,
  connected: ConnectedAccount,
  label: string,
): Promise<void> {
  const { workspaceId, memberId, connection } = request;
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
  if (request.turnId === null) return;
  const [turn] = await tx.select().from(turns).where(eq(turns.id, request.turnId));
  if (turn === undefined) return;
  await enqueueWork(tx, deps.jobs, {
    workspaceId,
    conversationId: turn.conversationId,
    turnId: turn.id,
    kind: 'resume',
  });
}
