import { eq, sql } from '../../../db/drizzle.ts';
import { readLinkReference, writeLinkReference } from '../../../db/link-reference.ts';
import { connectRequests } from '../../../db/schema/workspaces.ts';
import { DeskError } from '../../../errors.ts';
import type { ConnectRequest, VaultDeps } from '../../deps.ts';
import { isSameBrowser } from '../browser.ts';
import { refuseConnect } from '../refuse.ts';

/** What the button of the confirming page sends back; nobody has seen it but the browser that signed in. */
export function writeConfirmReference({ keyring }: Pick<VaultDeps, 'keyring'>, requestId: string): string {
  return writeLinkReference(keyring, 'link-confirm', requestId);
}

/**
 * The link that a confirming page is about.
 * @param cookieOf the cookie this browser holds for a request, by the request's id
 * @throws DeskError `connect_expired`, `connect_used`; `connect_elsewhere` for another browser, which ends it, audited
 */
export async function readConfirmReference(
  deps: VaultDeps,
  reference: string,
  cookieOf: (requestId: string) => string | null,
): Promise<ConnectRequest> {
  const id = readLinkReference(deps.keyring, 'link-confirm', reference);
  if (id === null) throw new DeskError('connect_expired');
  const [found] = await deps.database.db
    .select({ row: connectRequests, late: sql<boolean>`${connectRequests.expiresAt} <= clock_timestamp()` })
    .from(connectRequests)
    .where(eq(connectRequests.id, id));
  if (found === undefined || found.row.status === 'expired') throw new DeskError('connect_expired');
  const { row, late } = found;
  if (row.status !== 'confirming') throw new DeskError('connect_used');
  if (!isSameBrowser(row, cookieOf(id)))
    throw await refuseConnect(deps, row, new DeskError('connect_elsewhere'), 'another browser');
  if (late) throw new DeskError('connect_expired');
  return row;
}
