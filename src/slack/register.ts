import type { App, BlockAction } from '@slack/bolt';
import { handleAskAgain } from './actions/ask-again.ts';
import { handleConnect, handleConnectOpen } from './actions/connect.ts';
import { handleApprove, handleDeny } from './actions/decide.ts';
import { handleDenyWithReason } from './actions/deny-with-reason.ts';
import { handleDisconnect } from './actions/disconnect.ts';
import { handleEdit } from './actions/edit.ts';
import { handleGrant, handleGrantRevoke } from './actions/grant.ts';
import { handleAuditFile } from './actions/audit-file.ts';
import {
  handleAuditClear,
  handleAuditDay,
  handleAuditFilter,
  handleAuditMember,
} from './actions/audit-filter.ts';
import {
  handleAuditStory,
  handleHistory,
  handleStoryNewer,
  handleStoryOlder,
} from './actions/audit-story.ts';
import { handleNewer, handleOlder, handleTab } from './actions/home.ts';
import {
  handlePolicyFind,
  handlePolicyPage,
  handlePolicyRemove,
  handlePolicyScope,
  handlePolicySet,
} from './actions/policy.ts';
import { handlePolicyHistory, handlePolicyOlder, handlePolicyRollback } from './actions/policy-history.ts';
import { handlePolicySaid } from './actions/policy-said.ts';
import { handlePolicyExport, handlePolicyImport, handlePolicySay } from './actions/policy-whole.ts';
import { handlePolicyAdd, handlePolicyEdit, handlePolicyRulePart } from './actions/policy-rule.ts';
import { handleItDidNot, handleItHappened } from './actions/resolve-unknown.ts';
import { handleNextPage, handlePreviousPage, handleShowEverything } from './actions/show-everything.ts';
import { handleUnknownAction } from './actions/unknown.ts';
import { handleAgentdesk } from './commands/agentdesk.ts';
import type { ActionArgs, CommandArgs, EventArgs, SlackDeps, ViewArgs } from './deps.ts';
import { handleAgentSessionStopped } from './events/agent-session-stopped.ts';
import { handleAppHomeOpened } from './events/app-home-opened.ts';
import { handleAppMention } from './events/app-mention.ts';
import { handleMessage } from './events/message.ts';
import { handleAppUninstalled, handleTokensRevoked } from './events/uninstalled.ts';
import { handleUserChange } from './events/user-change.ts';
import { handleAuditFilterForm } from './views/audit-filter.ts';
import { handleDenyReason } from './views/deny-reason.ts';
import { handleEditCall } from './views/edit-call.ts';
import { handleGrantForm } from './views/grant.ts';
import { handlePolicyConfirm } from './views/policy-confirm.ts';
import { handlePolicyImportForm } from './views/policy-import.ts';
import { handlePolicyRule } from './views/policy-rule.ts';
import { handlePolicySayForm } from './views/policy-say.ts';

/** Everything Slack can send us, and who handles it. The manifest is tested against this table. */
export const routes = {
  events: {
    message: handleMessage,
    app_mention: handleAppMention,
    app_home_opened: handleAppHomeOpened,
    agent_session_stopped: handleAgentSessionStopped,
    app_uninstalled: handleAppUninstalled,
    tokens_revoked: handleTokensRevoked,
    user_change: handleUserChange,
  },
  actions: {
    approve: handleApprove,
    deny: handleDeny,
    deny_with_reason: handleDenyWithReason,
    edit: handleEdit,
    ask_again: handleAskAgain,
    grant: handleGrant,
    grant_revoke: handleGrantRevoke,
    it_happened: handleItHappened,
    it_did_not: handleItDidNot,
    show_everything: handleShowEverything,
    everything_next: handleNextPage,
    everything_previous: handlePreviousPage,
    'connect_google-oauth2': handleConnect,
    connect_github: handleConnect,
    connect_open: handleConnectOpen,
    strong_open: handleConnectOpen,
    passkey_open: handleConnectOpen,
    disconnect: handleDisconnect,
    home_tab_accounts: handleTab,
    home_tab_approvals: handleTab,
    home_tab_audit: handleTab,
    home_tab_insights: handleTab,
    home_tab_policy: handleTab,
    audit_older: handleOlder,
    audit_newer: handleNewer,
    audit_story: handleAuditStory,
    audit_history: handleHistory,
    story_newer: handleStoryNewer,
    story_older: handleStoryOlder,
    audit_day: handleAuditDay,
    audit_member: handleAuditMember,
    audit_filter: handleAuditFilter,
    audit_clear: handleAuditClear,
    audit_csv: handleAuditFile,
    audit_jsonl: handleAuditFile,
    policy_mine: handlePolicyScope,
    policy_organisation: handlePolicyScope,
    policy_previous: handlePolicyPage,
    policy_next: handlePolicyPage,
    policy_find: handlePolicyFind,
    policy_say: handlePolicySay,
    policy_said: handlePolicySaid,
    policy_export: handlePolicyExport,
    policy_import: handlePolicyImport,
    policy_set: handlePolicySet,
    policy_add: handlePolicyAdd,
    policy_edit: handlePolicyEdit,
    policy_rule_part: handlePolicyRulePart,
    policy_remove: handlePolicyRemove,
    policy_history: handlePolicyHistory,
    policy_older: handlePolicyOlder,
    policy_rollback: handlePolicyRollback,
  } satisfies Record<string, (deps: SlackDeps, args: ActionArgs) => Promise<void>>,
  views: {
    audit_filter: handleAuditFilterForm,
    deny_reason: handleDenyReason,
    edit_call: handleEditCall,
    grant: handleGrantForm,
    policy_confirm: handlePolicyConfirm,
    policy_rule: handlePolicyRule,
    policy_say: handlePolicySayForm,
    policy_import: handlePolicyImportForm,
  } satisfies Record<string, (deps: SlackDeps, args: ViewArgs) => Promise<void>>,
  commands: {
    '/agentdesk': handleAgentdesk,
  } satisfies Record<string, (deps: SlackDeps, args: CommandArgs) => Promise<void>>,
} as const;

/** Ties the table to Bolt. */
export function register(app: App, deps: SlackDeps): void {
  for (const [name, handle] of Object.entries(routes.events)) {
    // Each handler takes the arguments of its own event; Bolt's types tie the two only for a literal name.
    const listener = handle as (deps: SlackDeps, args: EventArgs) => Promise<void>;
    app.event(name, (args) => listener(deps, args));
  }
  for (const [id, handle] of Object.entries(routes.actions)) {
    app.action<BlockAction>(id, (args) => handle(deps, args));
  }
  for (const [id, handle] of Object.entries(routes.views)) app.view(id, (args) => handle(deps, args));
  for (const [name, handle] of Object.entries(routes.commands)) {
    app.command(name, (args) => handle(deps, args));
  }
  app.action<BlockAction>(matchOther(Object.keys(routes.actions)), (args) => handleUnknownAction(deps, args));
}

/** Matches every id but the given ones. */
function matchOther(ids: readonly string[]): RegExp {
  return new RegExp(`^(?!(?:${ids.join('|')})$)`);
}
