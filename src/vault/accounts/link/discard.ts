import { and, eq, inArray, isNotNull } from '../../../db/drizzle.ts';
import { connectRequests } from '../../../db/schema/workspaces.ts';
import type { VaultDeps } from '../../deps.ts';
import { openSession } from './session.ts';

const BATCH = 20;

/**
 * Has the tenant forget the refresh tokens that links left over: of sign-ins that came to nothing, and of links that
 * were renewed. One it does not take now is tried again.
 * @returns how many were forgotten
 */
export async function discardTokens(deps: VaultDeps): Promise<number> {
  if (deps.linking === null) return 0;
  const rows = await deps.database.db
    .select()
    .from(connectRequests)
    .where(
      and(
        eq(connectRequests.kind, 'link'),
        inArray(connectRequests.status, ['connected', 'failed', 'expired']),
        isNotNull(connectRequests.sessionSealed),
      ),
    )
    .limit(BATCH);
  for (const row of rows) {
    const { signedIn, discarded } = openSession(deps, row);
    const token = discarded ?? signedIn?.refreshToken;
    if (token !== undefined) await deps.linking.login.revoke(token);
    await deps.database.db
      .update(connectRequests)
      .set({ sessionSealed: null })
      .where(eq(connectRequests.id, row.id));
  }
  return rows.length;
}
