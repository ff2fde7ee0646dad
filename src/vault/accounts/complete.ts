import { z } from 'zod';
import { append } from '../../audit/append.ts';
import { and, eq } from '../../db/drizzle.ts';
import { connectRequests } from '../../db/schema/workspaces.ts';
import { DeskError } from '../../errors.ts';
import type { ConnectRequest, VaultDeps } from '../deps.ts';
import { hashSecret } from './browser.ts';
import { awaitCompletion, type Completed } from './completion.ts';
import { callbackUrl } from './connect.ts';
import { forgetGone, identifyAccount } from './identify.ts';
import { findSubject } from './members.ts';
import { completeConnect, type ConnectedAccount } from './my-account.ts';
import { labelOf, recordAccount } from './record.ts';
import { refuseConnect, reopenConnect } from './refuse.ts';

const session = z.object({ authSession: z.string(), verifier: z.string() });

/**
 * The browser is back with the provider's code: completes the connection at the vault, and checks whose account
 * it is when Slack did not prove the member. Of several callbacks only one spends the code; the others see what came
 * of it.
 * @param request as {@link findByCallback} found it
 * @param memberEmail the member's e-mail address at Slack, verified by Slack; null when unknown
 * @throws DeskError as {@link awaitCompletion}; `connect_try_again` when the vault does not answer, and the link stays
 *   usable; `connect_failed` when it refuses, audited
 */
export async function finishConnect(
  deps: VaultDeps,
  request: ConnectRequest,
  code: string,
  memberEmail: string | null,
): Promise<Completed> {
  const [claimed] = await deps.database.db
    .update(connectRequests)
    .set({ status: 'completing', codeHash: hashSecret(code) })
    .where(
      and(
        eq(connectRequests.id, request.id),
        eq(connectRequests.status, 'authorizing'),
        eq(connectRequests.stateHash, request.stateHash ?? ''),
      ),
    )
    .returning();
  if (claimed === undefined) return awaitCompletion(deps, request.id, code);
  const connected = await spendCode(deps, claimed, code);
  return settle(deps, claimed, connected, memberEmail);
}

async function spendCode(deps: VaultDeps, request: ConnectRequest, code: string): Promise<ConnectedAccount> {
  try {
    const subject = await findSubject(
      deps.database.db,
      request.workspaceId,
      request.memberId,
      deps.vault.issuer,
    );
    if (subject === null || request.sessionSealed === null) throw new DeskError('connect_expired');
    const { authSession, verifier } = session.parse(
      JSON.parse(deps.keyring.open('connect-session', [request.id], request.sessionSealed)),
    );
    const member = { ...request, subject: subject.subject };
    const connected = await completeConnect(deps.vault, member, {
      authSession,
      connectCode: code,
      redirectUri: callbackUrl(deps),
      codeVerifier: verifier,
    });
    if (connected.account != null) return connected;
    await forgetGone(deps, member, request.connection);
    return await identifyAccount(deps, { ...member, issuer: subject.issuer }, connected);
  } catch (error) {
    if (!(error instanceof DeskError)) throw error;
    if (error.code !== 'vault_unreachable') throw await refuseConnect(deps, request, error, 'vault refused');
    // Whether it was done there is not known; connecting the same account again does no harm.
    await reopenConnect(deps, request);
    throw new DeskError('connect_try_again', { service: 'The Token Vault' }, { cause: error });
  }
}

async function settle(
  deps: VaultDeps,
  request: ConnectRequest,
  connected: ConnectedAccount,
  memberEmail: string | null,
): Promise<Completed> {
  const label = labelOf(connected);
  const provedBy = request.provedBy ?? (isOwnAddress(connected, memberEmail) ? 'email' : null);
  const status = provedBy === null ? 'awaiting_admin' : 'connected';
  return deps.database.transaction(async (tx) => {
    const [row] = await tx
      .update(connectRequests)
      .set({
        status,
        provedBy,
        vaultId: connected.id,
        sessionSealed: deps.keyring.seal('connect-session', [request.id], JSON.stringify({ connected })),
      })
      .where(and(eq(connectRequests.id, request.id), eq(connectRequests.status, 'completing')))
      .returning();
    if (row === undefined) throw new DeskError('connect_expired');
    if (status === 'connected') {
      await recordAccount(tx, deps, row, connected);
      return { status, label };
    }
    const { workspaceId, memberId } = row;
    await append(tx, {
      workspaceId,
      type: 'account.connect_refused',
      actor: `member:${memberId}`,
      memberId,
      target: row.connection,
      outcome: 'awaiting_admin',
      detail: { request: row.id, label },
    });
    const text = `${label} is not your Slack e-mail address, so an admin must vouch for it: /agentdesk account approve ${row.id}`;
    await deps.onAccountChange(tx, { workspaceId, memberId, requestId: row.id, text });
    return { status, label };
  });
}

/** Whether the provider says, as verified, the very address that Slack has for the member. */
function isOwnAddress({ account }: ConnectedAccount, memberEmail: string | null): boolean {
  if (account?.email_verified !== true || memberEmail === null) return false;
  return account.email?.toLowerCase() === memberEmail.toLowerCase();
}
