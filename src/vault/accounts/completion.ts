import { setTimeout as pause } from 'node:timers/promises';
import { and, desc, eq } from '../../db/drizzle.ts';
import { accounts, connectRequests } from '../../db/schema/workspaces.ts';
import { DeskError } from '../../errors.ts';
import type { ConnectRequest, VaultDeps } from '../deps.ts';
import { hashSecret } from './browser.ts';
import { labelOf, openWaiting } from './record.ts';

export type Completed =
  | { readonly status: 'connected'; readonly label: string }
  /** The account is not provably the member's; an admin must say so. */
  | { readonly status: 'awaiting_admin'; readonly label: string };

const LOOKS = 40;
const LOOK_MS = 250;

/**
 * What came of the code another callback of the same browser spends, or spent: a reload, a double click, the back
 * button. Waits a while for one under way.
 * @throws DeskError `connect_under_way` when it takes long, `connect_used` for another code, `connect_failed` when the
 *   first did not succeed, `connect_try_again` when the vault did not answer it, `connect_expired`
 */
export async function awaitCompletion(deps: VaultDeps, requestId: string, code: string): Promise<Completed> {
  for (let look = 0; look < LOOKS; look += 1) {
    const [row] = await deps.database.db
      .select()
      .from(connectRequests)
      .where(eq(connectRequests.id, requestId));
    if (row === undefined || row.status === 'expired') throw new DeskError('connect_expired');
    if (row.status === 'open') throw new DeskError('connect_try_again', { service: 'The Token Vault' });
    if (row.codeHash !== hashSecret(code)) throw new DeskError('connect_used');
    const completed = await readCompletion(deps, row);
    if (completed !== null) return completed;
    await pause(LOOK_MS);
  }
  throw new DeskError('connect_under_way');
}

async function readCompletion(deps: VaultDeps, row: ConnectRequest): Promise<Completed | null> {
  switch (row.status) {
    case 'completing':
      return null;
    case 'connected':
      return { status: 'connected', label: await findLabel(deps, row) };
    case 'awaiting_admin':
      return { status: 'awaiting_admin', label: labelOf(openWaiting(deps, row)) };
    default:
      throw new DeskError('connect_failed', { problem: 'the first try did not succeed' });
  }
}

async function findLabel(deps: VaultDeps, request: ConnectRequest): Promise<string> {
  const [account] = await deps.database.db
    .select({ label: accounts.label })
    .from(accounts)
    .where(
      and(
        eq(accounts.workspaceId, request.workspaceId),
        eq(accounts.memberId, request.memberId),
        eq(accounts.vaultId, request.vaultId ?? ''),
      ),
    )
    .orderBy(desc(accounts.connectedAt))
    .limit(1);
  return account?.label ?? request.connection;
}
