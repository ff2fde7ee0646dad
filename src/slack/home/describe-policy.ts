import type { MemberProfile } from '../../calls/deps.ts';
import { evaluate } from '../../policy/evaluate.ts';
import type { PreparedPolicy } from '../../policy/prepared-policy.ts';
import type { DecidingRule, Outcome, PolicyCall } from '../../policy/types.ts';
import type { CatalogAction, SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';

export interface PolicyLine {
  readonly action: CatalogAction;
  /** When nothing is known of the call, or it concerns others. */
  readonly usual: Verdict;
  /** When it concerns the member alone; null when that makes no difference. */
  readonly alone: Verdict | null;
}

export interface Verdict {
  readonly outcome: Outcome;
  readonly reason: string;
  /** Where the rule stands that decided. */
  readonly layer: DecidingRule['layer'];
}

/** What the policy in force says to this member of every action: asked of the same evaluation that decides calls. */
export async function describePolicy(
  deps: SlackDeps,
  actor: Actor,
): Promise<{ version: string; lines: PolicyLine[] }> {
  const policy = await deps.calls.policies.load(actor.workspaceId, actor.memberId);
  const profile = await deps.calls.describeMember(actor.workspaceId, actor.memberId);
  const lines = deps.catalog.map((action) => {
    const usual = judge(policy, buildCall(actor, profile, action, false));
    const alone = judge(policy, buildCall(actor, profile, action, true));
    return { action, usual, alone: alone.outcome === usual.outcome ? null : alone };
  });
  return { version: policy.version, lines };
}

function judge(policy: PreparedPolicy, call: PolicyCall): Verdict {
  const { outcome, rules } = evaluate(policy, call);
  const [first] = rules;
  return {
    outcome,
    reason: first?.reason ?? 'No rule permits it.',
    layer: first?.layer ?? 'built-in',
  };
}

function buildCall(actor: Actor, profile: MemberProfile, action: CatalogAction, alone: boolean): PolicyCall {
  const connection = action.service === 'github' ? 'github' : 'google-oauth2';
  return {
    agent: 'default',
    member: {
      workspaceId: actor.workspaceId,
      id: actor.memberId,
      role: profile.role,
      groups: profile.groups,
    },
    action: action.id,
    account: { connection, label: profile.email ?? 'account', domain: null },
    facts: alone
      ? { recipients: [], guests: [], calendarShared: false, repositoryVisibility: 'private' }
      : {},
    context: {
      ownDomains: profile.ownDomains,
      firstTimeRecipients: alone ? false : null,
      hour: 12,
      weekday: 'wed',
      surface: 'dm',
    },
  };
}
