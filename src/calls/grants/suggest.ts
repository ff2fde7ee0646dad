import { findAction } from '../../actions/catalog.ts';
import type { Presentation } from '../../approvals/presentation.ts';
import { and, desc, eq, sql } from '../../db/drizzle.ts';
import { approvals, calls } from '../../db/schema/calls.ts';
import { listGrants } from '../../policy/grants/query.ts';
import type { PolicyCall } from '../../policy/types.ts';
import type { CallDeps } from '../deps.ts';
import { isGrantable } from './draft.ts';

/** So often approved in a week, and never denied, a grant is worth offering. */
const OFTEN = 8;
const LOOKED_AT = 300;
const MOST = 2;

/** Something that a member keeps approving. */
export interface GrantSuggestion {
  /** The newest of those approvals, from whose call a grant can be made. */
  readonly approvalId: string;
  readonly times: number;
  readonly title: string;
  /** Where it goes. */
  readonly hint: string;
}

/** What a member approved again and again this week, to the same place, and never denied. */
export async function suggestGrants(
  deps: CallDeps,
  who: { readonly workspaceId: string; readonly memberId: string },
): Promise<GrantSuggestion[]> {
  const rows = await deps.database.db
    .select({ approval: approvals, call: calls })
    .from(approvals)
    .innerJoin(calls, eq(calls.id, approvals.callId))
    .where(
      and(
        eq(approvals.workspaceId, who.workspaceId),
        eq(approvals.memberId, who.memberId),
        sql`${approvals.createdAt} > clock_timestamp() - interval '7 days'`,
      ),
    )
    .orderBy(desc(approvals.createdAt))
    .limit(LOOKED_AT);
  const groups = Map.groupBy(rows, ({ approval, call }) => {
    const { targets } = approval.presentation as Presentation;
    return JSON.stringify([call.action, call.agent, call.accountId, targets.map(({ value }) => value)]);
  });
  const open = await listGrants(deps.database.db, who, 50);
  const found: GrantSuggestion[] = [];
  for (const group of groups.values()) {
    const done = group.filter(
      ({ approval, call }) => approval.status === 'approved' && call.status === 'done',
    );
    const [newest] = done.filter(({ call }) => !wasFetched(call.policyCall as PolicyCall));
    const action = newest === undefined ? undefined : findAction(newest.call.action);
    if (newest === undefined || action === undefined || done.length < OFTEN) continue;
    if (group.some(({ approval }) => approval.status === 'denied')) continue;
    if (open.some((grant) => grant.action === action.id)) continue;
    if (!(await isGrantable(deps, who.workspaceId, action))) continue;
    const { title, hint } = newest.approval.presentation as Presentation;
    found.push({ approvalId: newest.approval.id, times: done.length, title, hint });
    if (found.length === MOST) break;
  }
  return found;
}

function wasFetched({ context }: PolicyCall): boolean {
  return context.provenance?.includes('fetched') !== false;
}
