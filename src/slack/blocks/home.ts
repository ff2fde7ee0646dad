import type { types } from '@slack/bolt';
import type { TabContent } from '../home/load-tab.ts';
import { TABS, type HomeState, type Tab } from '../home/state.ts';
import { buildGrants } from './home-grants.ts';
import { buildAccountsTab, buildApprovalsTab } from './home-mine.ts';
import { buildAuditTab } from './home-audit.ts';
import { buildInsightsTab } from './home-insights.ts';
import { buildPolicyTab } from './home-policy.ts';
import { button, note, oneLine, sentenceSection } from './text.ts';

const LABELS: Readonly<Record<Tab, string>> = {
  accounts: 'Accounts',
  approvals: 'Approvals',
  audit: 'Audit',
  insights: 'Insights',
  policy: 'Policy',
};

/** Slack shows at most so many in a Home view. */
const MOST_BLOCKS = 100;

/** The Home tab: its navigation, what was just done, and one tab's content. */
export function buildHome(home: {
  state: HomeState;
  content: TabContent;
  notice: string | null;
  model: string;
}): types.KnownBlock[] {
  const { state, content, notice } = home;
  const top: types.KnownBlock[] = [
    {
      type: 'actions',
      elements: TABS.map((tab) =>
        button(LABELS[tab], `home_tab_${tab}`, tab, tab === state.tab ? 'primary' : undefined),
      ),
    },
    ...(notice === null ? [] : [sentenceSection(notice)]),
  ];
  const bottom: types.KnownBlock[] = [
    { type: 'divider' },
    note(`AgentDesk · answers by ${oneLine(home.model, 100)} · type /agentdesk help anywhere`),
  ];
  const middle = buildTab(content, state);
  return [...top, ...middle.slice(0, MOST_BLOCKS - top.length - bottom.length), ...bottom];
}

function buildTab(content: TabContent, state: HomeState): types.KnownBlock[] {
  switch (content.tab) {
    case 'accounts':
      return buildAccountsTab(content.accounts, content.stopped);
    case 'approvals':
      return [...buildApprovalsTab(content.pending, content.recent), ...buildGrants(content.grants)];
    case 'audit':
      return buildAuditTab(content, state.page);
    case 'insights':
      return buildInsightsTab(content);
    case 'policy':
      return buildPolicyTab(content, state);
  }
}
