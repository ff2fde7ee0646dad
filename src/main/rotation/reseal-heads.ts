import type { Database } from '../../db/client.ts';
import { and, eq, sql } from '../../db/drizzle.ts';
import { calls } from '../../db/schema/calls.ts';
import { policyHeads, policyVersions } from '../../db/schema/policy.ts';
import type { Keyring } from '../../db/seal.ts';
import { digestContent, findHeadProblem, sealHead } from '../../policy/versions/head-seal.ts';

/**
 * Seals the policy heads anew: theirs are keyed hashes, which do not say by which key. One whose seal does not fit is
 * left as it is, for the claim to refuse.
 * @returns how many do not fit
 */
export async function resealHeads({ db }: Database, keyring: Keyring): Promise<number> {
  let odd = 0;
  const rows = await db
    .select({ head: policyHeads, version: policyVersions })
    .from(policyHeads)
    .leftJoin(
      policyVersions,
      and(
        eq(policyVersions.workspaceId, policyHeads.workspaceId),
        eq(policyVersions.owner, policyHeads.owner),
        eq(policyVersions.number, policyHeads.number),
      ),
    )
    .where(sql`${policyHeads.seal} is not null`);
  for (const { head, version } of rows) {
    const content = digestContent(version);
    if ((await findHeadProblem(db, keyring, head, content)) !== null) {
      odd += 1;
      continue;
    }
    await db
      .update(policyHeads)
      .set({ seal: sealHead(keyring, head, content) })
      .where(
        and(
          eq(policyHeads.workspaceId, head.workspaceId),
          eq(policyHeads.owner, head.owner),
          eq(policyHeads.number, head.number),
        ),
      );
  }
  return odd;
}

/** Calls that wait to run: their decision carries a keyed hash, perhaps of an older key, until they ran. */
export async function countOpenCalls({ db }: Database): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(calls)
    .where(sql`status in ('pending', 'allowed', 'approved')`);
  return row?.count ?? 0;
}
