import type { Transaction } from '../../db/client.ts';
import { and, eq, inArray, sql } from '../../db/drizzle.ts';
import { connectRequests } from '../../db/schema/workspaces.ts';
import type { ConnectRequest, VaultDeps } from '../deps.ts';
import { nameService } from '../exchange-refusal.ts';
import { resumeTurn } from './resume.ts';

/** Seconds a code may take to be spent after the link's time is over; the vault is given 30. */
const COMPLETING_SECONDS = 120;

/** Seconds an admin has to vouch for a link. */
const VOUCHING_SECONDS = 86_400;

/**
 * Ends connect requests whose time is over; a turn that waits for one is told, and a member whose account was being
 * connected when a process died.
 * @returns how many were ended
 */
export async function expireConnects(deps: VaultDeps): Promise<number> {
  return deps.database.transaction(async (tx) => {
    const idle = [
      ...(await endLate(tx, ['open', 'proving', 'authorizing', 'confirming'], 0)),
      ...(await endLate(tx, ['awaiting_admin'], VOUCHING_SECONDS, 'link')),
    ];
    const broken = await endLate(tx, ['completing'], COMPLETING_SECONDS);
    for (const row of idle) {
      if (row.turnId === null) continue;
      await tell(tx, deps, row, 'The link has expired.');
    }
    for (const row of broken) {
      const text =
        row.kind === 'link'
          ? 'Linking you was interrupted and not finished. Use /agentdesk link to try again.'
          : `Connecting your ${nameService(row.connection)} account was interrupted and not finished. Use /agentdesk connect to try again.`;
      await tell(tx, deps, row, text);
    }
    return idle.length + broken.length;
  });
}

function endLate(
  tx: Transaction,
  from: ConnectRequest['status'][],
  graceSeconds: number,
  kind: ConnectRequest['kind'] | null = null,
): Promise<ConnectRequest[]> {
  return (
    tx
      .update(connectRequests)
      // What came of a sign-in at a tenant is kept until the tenant has forgotten it, too.
      .set({ status: 'expired', sessionSealed: sql`case when kind = 'link' then session_sealed end` })
      .where(
        and(
          inArray(connectRequests.status, from),
          ...(kind === null ? [] : [eq(connectRequests.kind, kind)]),
          sql`expires_at + make_interval(secs => ${graceSeconds}) <= clock_timestamp()`,
        ),
      )
      .returning()
  );
}

async function tell(tx: Transaction, deps: VaultDeps, row: ConnectRequest, text: string): Promise<void> {
  const { workspaceId, memberId, id, turnId } = row;
  await deps.onAccountChange(tx, { workspaceId, memberId, requestId: id, text });
  await resumeTurn(tx, deps, turnId);
}
