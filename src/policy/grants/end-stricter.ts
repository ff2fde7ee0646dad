import type { Transaction } from '../../db/client.ts';
import { and, eq, inArray, sql } from '../../db/drizzle.ts';
import { grants } from '../../db/schema/grants.ts';
import { policyHeads } from '../../db/schema/policy.ts';
import { describeBuiltIn } from '../built-in.ts';
import { isStricter } from '../compare.ts';
import { evaluate } from '../evaluate.ts';
import { coversAction } from '../rules/patterns.ts';
import type { CatalogEntry } from '../types.ts';
import { prepareFromRows } from '../versions/load-layers.ts';
import type { PolicyVersion } from '../versions/types.ts';
import { endGrants } from './end.ts';
import { toGrant, type Grant } from './types.ts';

/**
 * Ends the grants that a new version is stricter with: it asks for more of the call they were made from than they
 * replace, or the action may not be granted any more. In the transaction that puts it in force, so that no claim comes
 * between; a later version that is milder does not bring them back.
 */
export async function endStricter(
  tx: Transaction,
  catalog: readonly CatalogEntry[],
  { workspaceId, owner, document }: PolicyVersion,
): Promise<void> {
  const rows = await tx
    .select()
    .from(grants)
    .where(
      and(
        eq(grants.workspaceId, workspaceId),
        owner === '' ? undefined : eq(grants.memberId, owner),
        inArray(grants.status, ['pending', 'active']),
        sql`expires_at > clock_timestamp() and uses < max_uses`,
      ),
    );
  const ended: string[] = [];
  for (const grant of rows.map(toGrant)) {
    const entry = catalog.find(({ id }) => id === grant.action);
    const isGrantable = owner !== '' || (entry !== undefined && coversAction(document.grantable, entry));
    if (!isGrantable || (await isAskedMore(tx, catalog, grant))) ended.push(grant.id);
  }
  if (ended.length === 0) return;
  const scope = { workspaceId, memberId: owner === '' ? null : owner, ids: ended };
  await endGrants(tx, scope, 'desk', 'the policy became stricter');
}

async function isAskedMore(
  tx: Transaction,
  catalog: readonly CatalogEntry[],
  { workspaceId, memberId, question, tier }: Grant,
): Promise<boolean> {
  const builtIn = describeBuiltIn(catalog);
  const numberOf = async (owner: string): Promise<number> => {
    const [head] = await tx
      .select({ number: policyHeads.number })
      .from(policyHeads)
      .where(and(eq(policyHeads.workspaceId, workspaceId), eq(policyHeads.owner, owner)));
    return head?.number ?? 0;
  };
  const policy = await prepareFromRows(
    tx,
    builtIn,
    { workspaceId, memberId },
    {
      builtIn: builtIn.version,
      organisation: await numberOf(''),
      member: await numberOf(memberId),
    },
  );
  return isStricter(evaluate(policy, question).outcome, tier);
}
