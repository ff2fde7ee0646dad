import type { Transaction } from '../../db/client.ts';
import { eq } from '../../db/drizzle.ts';
import { turns } from '../../db/schema/conversations.ts';
import { enqueueWork } from '../../db/work.ts';
import type { VaultDeps } from '../deps.ts';

/** Wakes the turn that waits for a connect request, if one does, in the transaction of what became of the request. */
export async function resumeTurn(
  tx: Transaction,
  deps: { readonly jobs: Pick<VaultDeps['jobs'], 'wake'> },
  turnId: string | null,
): Promise<void> {
  if (turnId === null) return;
  const [turn] = await tx.select().from(turns).where(eq(turns.id, turnId));
  if (turn === undefined) return;
  const { workspaceId, conversationId } = turn;
  await enqueueWork(tx, deps.jobs, { workspaceId, conversationId, turnId, kind: 'resume' });
}
