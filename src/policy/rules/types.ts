import type { PolicyMember, Weekday } from '../types.ts';

export type Role = PolicyMember['role'];

/**
 * One thing that must hold for a rule to apply. A fact that is not known counts as holding, so that a rule which
 * was meant to stop something never fails to.
 */
export type Condition =
  | { readonly kind: 'recipients'; readonly is: 'external' | 'first_time' }
  /** `any_in`: some recipient's domain is listed. `any_outside`: some recipient's domain is not. */
  | {
      readonly kind: 'recipient_domain';
      readonly match: 'any_in' | 'any_outside';
      readonly domains: readonly string[];
    }
  | { readonly kind: 'recipient_count'; readonly moreThan: number }
  | { readonly kind: 'guest_count'; readonly moreThan: number }
  /** `[from, to)` in the member's time zone, 0 to 24; `from` after `to` runs past midnight. */
  | { readonly kind: 'hours'; readonly from: number; readonly to: number }
  | { readonly kind: 'weekdays'; readonly days: readonly Weekday[] }
  | { readonly kind: 'surface'; readonly is: 'dm' | 'channel' }
  /** Where some target of the call came from: content that was fetched, or the agent itself. */
  | { readonly kind: 'provenance'; readonly includes: 'fetched' | 'agent' }
  /** `owner/name`, or `owner/*` for all of an owner's. */
  | { readonly kind: 'repository'; readonly names: readonly string[] }
  | { readonly kind: 'repository_visibility'; readonly is: 'public' | 'private' | 'internal' }
  | { readonly kind: 'labels'; readonly anyOf: readonly string[] }
  /** Someone besides the member can read the calendar. */
  | { readonly kind: 'calendar_shared' }
  /** The organisation of the account that is used; a personal account is in none. */
  | {
      readonly kind: 'account_domain';
      readonly match: 'in' | 'outside';
      readonly domains: readonly string[];
    };

export type ConditionKind = Condition['kind'];

/** What a rule asks for. Never "at once": a layer only tightens the one above it. */
export type RuleOutcome = 'approve' | 'approve_strong' | 'deny';

/** A rule as the editor and the language parser make it. Applies when all its conditions hold. */
export interface TypedRule {
  /** Unique in its layer: lower-case letters, digits, dots and dashes. */
  readonly id: string;
  readonly outcome: RuleOutcome;
  /** Names of agents; empty is every agent. */
  readonly agents: readonly string[];
  /** Members with one of these roles or in one of these Slack user groups; both empty is everyone. */
  readonly who: { readonly roles: readonly Role[]; readonly groups: readonly string[] };
  /** Action ids, `service:…`, `risk:…`, or `*` for all. Never empty. */
  readonly actions: readonly string[];
  readonly conditions: readonly Condition[];
  /** The author's own words, shown under the rule; may be empty. */
  readonly note: string;
}

/** One `forbid` of Cedar, for policy as code. The editor shows it read-only. */
export interface CedarRule {
  readonly id: string;
  /** The text without annotations: `forbid (…) when {…};` */
  readonly cedar: string;
  /** Its sentence for people. */
  readonly reason: string;
}

export type LayerRule = TypedRule | CedarRule;

/** A named agent and what it may use. `default` exists always, and has every action unless it is declared. */
export interface AgentDeclaration {
  readonly name: string;
  /** Action ids, `service:…`, `risk:…`, or `*`; empty is nothing. */
  readonly actions: readonly string[];
}

/** One layer of the policy: the organisation's, or one member's own. */
export interface LayerDocument {
  readonly v: 1;
  readonly rules: readonly LayerRule[];
  /** The organisation's only. */
  readonly agents: readonly AgentDeclaration[];
  /** Patterns of the actions that bounded grants may be given for (`coversAction` reads them); the organisation's only. */
  readonly grantable: readonly string[];
}

/** Nobody has written anything yet. */
export const EMPTY_LAYER: LayerDocument = { v: 1, rules: [], agents: [], grantable: [] };

/** Whether a rule is one that the editor can edit. */
export function isTypedRule(rule: LayerRule): rule is TypedRule {
  return 'outcome' in rule;
}
