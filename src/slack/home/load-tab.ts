import { listPending, listRecent } from '../../approvals/query.ts';
import type { Approval } from '../../approvals/deps.ts';
import { findStop } from '../../calls/stop.ts';
import { listAccounts } from '../../vault/accounts/list.ts';
import type { SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import type { Account } from '../services.ts';
import { describeLayer, type LayerView } from './describe-layer.ts';
import { describePolicy, type PolicyLine } from './describe-policy.ts';
import { loadGrants, type GrantsView } from './grants.ts';
import { readTimeline, type AuditPage } from './read-audit.ts';
import { readInsightsPage, type InsightsPage } from './read-insights.ts';
import type { HomeState } from './state.ts';

const AUDIT_LINES = 15;
const APPROVALS = 10;

export type TabContent =
  | { readonly tab: 'accounts'; readonly accounts: readonly Account[]; readonly stopped: string | null }
  | {
      readonly tab: 'approvals';
      readonly pending: readonly Approval[];
      readonly recent: readonly Approval[];
      readonly grants: GrantsView;
    }
  | ({ readonly tab: 'insights' } & InsightsPage)
  | ({ readonly tab: 'audit'; readonly drawn: string } & AuditPage)
  | {
      readonly tab: 'policy';
      readonly version: string;
      readonly lines: readonly PolicyLine[];
      readonly layer: LayerView;
    };

/** What a tab shows: of this member and nobody else, but of the audit to an admin all of the workspace's. */
export async function loadTab(deps: SlackDeps, actor: Actor, state: HomeState): Promise<TabContent> {
  const { database } = deps.calls;
  const { workspaceId, memberId } = actor;
  switch (state.tab) {
    case 'accounts': {
      const stopped = await findStop(deps.calls, workspaceId, memberId);
      return { tab: 'accounts', accounts: await listAccounts(database, workspaceId, memberId), stopped };
    }
    case 'approvals': {
      const pending = await listPending(database, workspaceId, memberId, APPROVALS);
      const recent = await listRecent(database, workspaceId, memberId, APPROVALS * 2);
      const decided = recent.filter((approval) => approval.status !== 'pending');
      const grants = await loadGrants(deps, actor);
      return { tab: 'approvals', pending, recent: decided.slice(0, APPROVALS), grants };
    }
    case 'audit': {
      const before = state.cursors.at(-1);
      const place = before === undefined ? null : { before };
      const page = await readTimeline(deps, actor, state.filter, { place, limit: AUDIT_LINES });
      return { tab: 'audit', ...page, drawn: deps.calls.now().getTime().toString(36) };
    }
    case 'insights':
      return { tab: 'insights', ...(await readInsightsPage(deps, actor)) };
    case 'policy': {
      // First, since it asks Slack anew who they are.
      const layer = await describeLayer(deps, actor, state.scope);
      return { tab: 'policy', layer, ...(await describePolicy(deps, actor)) };
    }
  }
}
