import type { Transaction } from '../db/client.ts';
import { sql } from '../db/drizzle.ts';

/**
 * Erases what the log says of a member: content, salts and pseudonym go, leaves and proofs stay good. That it was done
 * is an event of its own. Only the owner of the database may; events of the member must be sealed (`sealAll`).
 * @returns how many events were blanked; null when the log knows no such member
 */
export async function eraseMember(
  tx: Transaction,
  workspaceId: string,
  memberId: string,
): Promise<number | null> {
  const [row] = await tx.execute<{ erased: string | null }>(
    sql`select agentdesk.erase_member(${workspaceId}, ${memberId})::text as erased`,
  );
  return row?.erased == null ? null : Number(row.erased);
}
