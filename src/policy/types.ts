/** What is done with a call: at once, after one click, after a second device, or never. */
export type Outcome = 'allow' | 'approve' | 'approve_strong' | 'deny';

export type Risk = 'read' | 'write' | 'delete';

/** What the policy knows of an action; an entry of the actions catalog has this shape. */
export interface CatalogEntry {
  /** The provider's own method name: `gmail.messages.send`. */
  readonly id: string;
  readonly service: string;
  readonly risk: Risk;
  /** Outcome by default of an action that `default.cedar` does not name. Without it, a write is denied. */
  readonly defaultTier?: Outcome;
}

export interface PolicyMember {
  readonly workspaceId: string;
  readonly id: string;
  readonly role: 'admin' | 'member' | 'guest';
  /** Slack user group ids; `null` when Slack did not say. */
  readonly groups: readonly string[] | null;
}

/** Known without a write. Absent or `null` is "not known", and what is not known counts as the risky case. */
export interface PolicyFacts {
  readonly recipients?: readonly string[] | null;
  /** Attendees, the account's own address among them or not. */
  readonly guests?: readonly string[] | null;
  /** `owner/name`. */
  readonly repository?: string | null;
  readonly repositoryVisibility?: 'public' | 'private' | 'internal' | null;
  readonly labels?: readonly string[] | null;
  readonly calendar?: string | null;
  /** True when someone besides the member can read the calendar. */
  readonly calendarShared?: boolean | null;
}

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** Who a target of a call came from: the member's own words, content that was fetched, or the agent itself. */
export type TargetProvenance = 'member' | 'fetched' | 'agent';

export interface PolicyContext {
  /** Domains whose addresses are inside the organisation. Matched exactly: a subdomain is another domain. */
  readonly ownDomains: readonly string[];
  /** Whether any recipient was never written to before; `null` when that is not known. */
  readonly firstTimeRecipients: boolean | null;
  /** 0 to 23, in the member's time zone. */
  readonly hour: number;
  readonly weekday: Weekday;
  readonly surface: 'dm' | 'channel';
  /** Where the targets came from; empty when there are none but the member's own. */
  readonly provenance?: readonly TargetProvenance[] | null;
}

/** One proposed call, as the policy sees it: facts and counts, never a body. */
export interface PolicyCall {
  readonly agent: string;
  readonly member: PolicyMember;
  readonly action: string;
  /** `domain` is the organisation of the account; `null` for a personal one. */
  readonly account: { readonly connection: string; readonly label: string; readonly domain: string | null };
  readonly facts: PolicyFacts;
  readonly context: PolicyContext;
  /** A grant of the member that fits this call. */
  readonly grant?: CallGrant;
}

/** What of a grant decides: the one exception to "a layer may only tighten". */
export interface CallGrant {
  readonly id: string;
  /** What people know it by. */
  readonly code: string;
  /** The tier it replaces, and no higher one. */
  readonly tier: 'approve' | 'approve_strong';
  /** Its sentence, which becomes the reason. */
  readonly sentence: string;
}

export type LayerName = 'built-in' | 'organisation' | 'member';

/** A rule that decided: the layer it stands in and its own sentence for people. */
export interface DecidingRule {
  readonly id: string;
  readonly reason: string;
  /** `grant` when a grant of the member took the place of asking. */
  readonly layer: LayerName | 'grant';
}

export interface Decision {
  readonly outcome: Outcome;
  readonly rules: readonly DecidingRule[];
  readonly policyVersion: string;
  /** For the log, when the rules could not be evaluated. Not for people. */
  readonly problem?: string;
}
