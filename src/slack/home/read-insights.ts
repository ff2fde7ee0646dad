import { listFindings } from '../../audit/check/findings.ts';
import { INSIGHT_DAYS, readInsights, type Insights } from '../../audit/read/insights.ts';
import type { SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import { findScope, type Reader } from './read-audit.ts';
import { nameMembers } from './name-members.ts';

export interface InsightsPage {
  readonly insights: Insights;
  readonly reader: Reader;
  /** The days of the charts, oldest first, `YYYY-MM-DD` in the reader's zone. */
  readonly chartDays: readonly string[];
  /** The newest finding of a check of the log; null when there is none, `hidden` for who is no admin. */
  readonly finding: { readonly text: string; readonly at: Date } | null | 'hidden';
}

const DAY_MS = 86_400_000;
const CHART_DAYS = 14;

/** The numbers of the last days: of the workspace to an admin, of themselves to anyone else. */
export async function readInsightsPage(deps: SlackDeps, actor: Actor): Promise<InsightsPage> {
  const { workspaceId, memberId } = actor;
  const { database, now } = deps.calls;
  const scope = await findScope(deps, actor);
  const isAdmin = scope.memberId === null;
  const since = new Date(now().getTime() - INSIGHT_DAYS * DAY_MS);
  const insights = await readInsights(database, scope, since);
  const others = insights.answering.map((one) => one.memberId).filter((id) => id !== memberId);
  const names = await nameMembers(deps, workspaceId, others);
  const [finding] = isAdmin ? await listFindings(database, workspaceId) : [];
  const writeDay = new Intl.DateTimeFormat('en-CA', { timeZone: scope.zone, dateStyle: 'short' });
  return {
    insights,
    reader: { memberId, isAdmin, zone: scope.zone, names },
    chartDays: Array.from({ length: CHART_DAYS }, (_, index) =>
      writeDay.format(new Date(now().getTime() - (CHART_DAYS - 1 - index) * DAY_MS)),
    ),
    finding: !isAdmin ? 'hidden' : finding === undefined ? null : { text: finding.text, at: finding.foundAt },
  };
}
