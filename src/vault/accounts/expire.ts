import type { Transaction } from '../../db/client.ts';
import { and, inArray, sql } from '../../db/drizzle.ts';
import { connectRequests } from '../../db/schema/workspaces.ts';
import type { ConnectRequest, VaultDeps } from '../deps.ts';
import { nameService } from '../exchange.ts';
import { resumeTurn } from './resume.ts';

/** Seconds a code may take to be spent after the link's time is over; the vault is given 30. */
const COMPLETING_SECONDS = 120;

/**
 * Ends connect requests whose time is over; a turn that waits for one is told, and a member whose account was being
 * connected when a process died.
 * @returns how many were ended
 */
export async function expireConnects(deps: VaultDeps): Promise<number> {
  return deps.database.transaction(async (tx) => {
    const idle = await endLate(tx, ['open', 'proving', 'authorizing'], 0);
    const broken = await endLate(tx, ['completing'], COMPLETING_SECONDS);
    for (const row of idle) {
      if (row.turnId === null) continue;
      await tell(tx, deps, row, 'The link to connect your account has expired.');
    }
    for (const row of broken) {
      const service = nameService(row.connection);
      await tell(
        tx,
        deps,
        row,
        `Connecting your ${service} account was interrupted and not finished. Use /agentdesk connect to try again.`,
      );
    }
    return idle.length + broken.length;
  });
}

function endLate(
  tx: Transaction,
  from: ConnectRequest['status'][],
  graceSeconds: number,
): Promise<ConnectRequest[]> {
  return tx
    .update(connectRequests)
    .set({ status: 'expired', sessionSealed: null })
    .where(
      and(
        inArray(connectRequests.status, from),
        sql`expires_at + make_interval(secs => ${graceSeconds}) <= clock_timestamp()`,
      ),
    )
    .returning();
}

async function tell(tx: Transaction, deps: VaultDeps, row: ConnectRequest, text: string): Promise<void> {
  const { workspaceId, memberId, id, turnId } = row;
  await deps.onAccountChange(tx, { workspaceId, memberId, requestId: id, text });
  await resumeTurn(tx, deps, turnId);
}
