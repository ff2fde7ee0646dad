import type { ZodType } from 'zod';

/** The provider connection as the Token Vault names it. */
export type Connection = 'google-oauth2' | 'github';

export type Service = 'calendar' | 'gmail' | 'github';

/** What an action does to the provider's data; policy groups and defaults are derived from it. */
export type Risk = 'read' | 'write' | 'delete';

/** A value that RFC 8785 can canonicalise: what resolved arguments, handles and facts are made of. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** `fetch` bound to one lease: the lease adds the credential, and refuses any request it was not opened for. */
export type Http = typeof fetch;

/**
 * One request an action may make. `path` is a template: `{name}` stands for exactly one path segment.
 * `max` bounds how often the request may be sent under one lease.
 */
export interface RequestRule {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly host: 'www.googleapis.com' | 'gmail.googleapis.com' | 'api.github.com';
  readonly path: string;
  readonly max: number;
}

/** What `resolve` may look at: who asks, when, and (GET only) the provider through an inspect lease. */
export interface ResolveContext {
  readonly now: Date;
  /** IANA zone of the member, from their Slack profile. */
  readonly timeZone: string;
  readonly member: { readonly name: string; readonly email: string | null };
  /** The connected account, as the provider names it: an e-mail address or a GitHub login. */
  readonly account: { readonly label: string };
  readonly http: Http;
}

/**
 * What the policy may decide on, known without a write. Absent or `null` means "not known", which the
 * policy treats as the risky case.
 */
export interface Facts {
  /** Addresses that will receive something (mail recipients, invited guests), lower case. */
  readonly recipients?: readonly string[];
  readonly guests?: readonly string[];
  /** `owner/name`, lower case. */
  readonly repository?: string | null;
  readonly repositoryVisibility?: 'public' | 'private' | 'internal' | null;
  readonly labels?: readonly string[];
  readonly calendar?: string | null;
  /** True when someone besides the member can read the calendar; null when that could not be told. */
  readonly calendarShared?: boolean | null;
}

/** A person-facing target of a call: where it goes. */
export interface Target {
  readonly kind: 'address' | 'repository' | 'issue' | 'calendar' | 'event' | 'message';
  readonly value: string;
}

/**
 * One argument as a person sees it. `path` is the JSON pointer of the argument it renders, so that a test
 * can prove that no argument is left out. `before` is the present value when the call changes it.
 */
export interface PreviewField {
  readonly path: string;
  readonly label: string;
  readonly value: string;
  readonly before?: string;
}

export interface Preview {
  /** The action in words, imperative: "Send an e-mail". */
  readonly title: string;
  /** One line: what, to whom. No markup. */
  readonly line: string;
  readonly targets: readonly Target[];
  /** Every resolved argument, in full, in reading order. */
  readonly fields: readonly PreviewField[];
  /** Things the person should know that are not arguments ("3 guests will be mailed", conflicts). */
  readonly notes: readonly string[];
}

export interface Resolved<Args> {
  readonly args: Args;
  readonly facts: Facts;
}

export interface ActionResult {
  /** One sentence for the person. */
  readonly summary: string;
  /** What the model may read; bounded by the action. */
  readonly data: Json;
  /** Where a person can look at the result. */
  readonly link?: string;
}

/** What was chosen before the provider was called, so that the effect can be found again. */
export type Handle = { readonly [key: string]: Json };

export interface ExecuteContext {
  readonly http: Http;
  readonly handle: Handle;
  /** Makes a better handle durable before the next request (a draft's id, for example). */
  saveHandle(handle: Handle): Promise<void>;
}

export interface HandleSeed {
  /** The call's code, 8 characters of Crockford base32, shown to people. */
  readonly code: string;
  /** 128 random bits in hex, of this attempt. */
  readonly attemptId: string;
}

/** What reading the provider told: the effect happened, it did not, or it cannot be known. */
export type Reconciled =
  | { readonly outcome: 'done'; readonly result: ActionResult }
  | { readonly outcome: 'not_done' }
  /** `look` says where a person can look to find out. */
  | { readonly outcome: 'unknown'; readonly look: string };

/**
 * One provider API method the agent may call, declared once. Tool schemas, policy targets, card previews,
 * scopes and the docs table are derived from this declaration.
 */
export interface Action<Raw = unknown, Args = unknown> {
  /** The provider's own method name: `gmail.messages.send`. */
  readonly id: string;
  readonly service: Service;
  readonly connection: Connection;
  readonly risk: Risk;
  readonly scopes: readonly string[];
  /**
   * Resolved arguments that a bounded grant may leave open: what is said or when, never where it goes or who is told.
   * Without the list, no grant is given for the action.
   */
  readonly mayVary?: readonly string[];
  /** What the model reads about the tool. */
  readonly description: string;
  /** Arguments as the model gives them. */
  readonly schema: ZodType<Raw>;
  /** Arguments after `resolve`: absolute, canonicalisable. */
  readonly args: ZodType<Args>;
  readonly requests: {
    /** GETs that `resolve` may send. */
    readonly inspect: readonly RequestRule[];
    readonly perform: readonly RequestRule[];
    /** GETs that `reconcile` may send. */
    readonly reconcile: readonly RequestRule[];
  };
  /** Makes relative values absolute. Throws `DeskError` with a sentence when the arguments make no sense. */
  resolve(raw: Raw, context: ResolveContext): Promise<Resolved<Args>>;
  preview(args: Args, facts: Facts): Preview;
  /** The handle written with the claim, before anything is sent. */
  createHandle(args: Args, seed: HandleSeed): Handle;
  /** Sends the effect. Throws `ProviderError`. Never retries by itself. */
  execute(args: Args, context: ExecuteContext): Promise<ActionResult>;
  /** Reads back whether the effect happened. Never writes. */
  reconcile(args: Args, context: { readonly http: Http; readonly handle: Handle }): Promise<Reconciled>;
}
