import { append } from '../../audit/append.ts';
import { and, eq } from '../../db/drizzle.ts';
import { connectRequests } from '../../db/schema/workspaces.ts';
import type { DeskError } from '../../errors.ts';
import type { ConnectRequest, VaultDeps } from '../deps.ts';
import { nameService } from '../exchange-refusal.ts';
import { resumeTurn } from './resume.ts';

/**
 * Ends a request that must not go on; the refusal is audited, and a turn that waits for it goes on with a fresh one.
 * A request that moved on meanwhile is left alone.
 * @returns the error to show
 */
export async function refuseConnect(
  deps: VaultDeps,
  request: ConnectRequest,
  error: DeskError,
  why: string,
): Promise<DeskError> {
  const { id, workspaceId, memberId, kind, connection, turnId } = request;
  await deps.database.transaction(async (tx) => {
    const ended = await tx
      .update(connectRequests)
      // What came of a sign-in at a tenant is kept until the tenant has forgotten it, too.
      .set({ status: 'failed', ...(kind === 'link' ? {} : { sessionSealed: null }) })
      .where(and(eq(connectRequests.id, id), eq(connectRequests.status, request.status)))
      .returning({ id: connectRequests.id });
    await append(tx, {
      workspaceId,
      type: kind === 'link' ? 'link.refused' : 'account.connect_refused',
      actor: `member:${memberId}`,
      memberId,
      target: connection,
      outcome: error.code,
      why,
      turnId,
      detail: { request: id },
    });
    if (ended.length === 0 || turnId === null) return;
    const text =
      kind === 'link' ? 'You were not linked.' : `Your ${nameService(connection)} account was not connected.`;
    await deps.onAccountChange(tx, { workspaceId, memberId, requestId: id, text });
    await resumeTurn(tx, deps, turnId);
  });
  return error;
}

/**
 * Makes a link usable again after an outage: it begins from the start, in any browser. One that moved on meanwhile is
 * left alone.
 */
export async function reopenConnect(deps: VaultDeps, request: ConnectRequest): Promise<void> {
  await deps.database.db
    .update(connectRequests)
    .set({
      status: 'open',
      browserHash: null,
      stateHash: null,
      nonce: null,
      codeHash: null,
      sessionSealed: null,
      provedBy: null,
    })
    .where(
      and(
        eq(connectRequests.id, request.id),
        eq(connectRequests.status, request.status),
        eq(connectRequests.stateHash, request.stateHash ?? ''),
      ),
    );
}
