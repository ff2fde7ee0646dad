/** Stable codes: tests, audit and the model rely on them; never reuse one for another meaning. */
export type ErrorCode = keyof typeof SENTENCES;

type Details = Readonly<Record<string, string | number>>;

/**
 * What each error says to a person: one sentence and what to do next. `{name}` is filled from the error's
 * details. Nothing here may carry a secret or provider text that was not bounded first.
 */
const SENTENCES = {
  // configuration and start
  config_invalid: 'The configuration is not usable: {problem}',
  database_unreachable:
    'The database cannot be reached ({problem}). Check DATABASE_URL and that PostgreSQL runs.',
  slack_unreachable:
    'Slack cannot be reached at {url} ({problem}). Check the network; AgentDesk keeps trying.',
  // calls
  tool_unknown: 'There is no tool called {tool}. I can only use the tools I was given.',
  arguments_invalid:
    'The arguments for {action} are not usable: {problem}. Say it again with what is missing.',
  tool_call_id_reused: 'That tool call was made before with other arguments, so it was refused. Ask again.',
  turn_too_long: 'I stopped after {steps} steps without finishing. Ask for a smaller piece of it.',
  denied_by_policy: 'The policy does not allow this: {reason}. An admin can change it in App Home, Policy.',
  denied_by_person: 'It was denied{reason}. Nothing was done.',
  already_denied: 'The same thing was denied earlier in this conversation turn, so it was not asked again.',
  approval_expired: 'Nobody approved it in time, so nothing was done. Ask again if you still want it.',
  approval_cancelled: 'The request was cancelled. Nothing was done.',
  approval_superseded: 'The request was replaced by an edited one. Decide on the newer card.',
  approval_invalid:
    'The approval did not match what was asked, so it was discarded and nothing was done. Ask again.',
  execute_too_late: 'It was approved too long ago to run safely, so nothing was done. Ask again.',
  policy_stricter: 'The policy became stricter after this was approved, so nothing was done. Ask again.',
  stopped: 'AgentDesk is stopped for you. Nothing runs until it is resumed with /agentdesk resume.',
  effect_unknown: 'I could not tell whether it happened. {look}',
  claim_refused: 'This call may not run: {reason}. Nothing was done.',
  lease_refused: 'A request outside what was permitted was blocked ({reason}). Nothing was sent.',
  // accounts
  account_missing: 'Your {service} account is not connected. Use /agentdesk connect.',
  account_scope_missing:
    'Your {service} account lacks a permission for this. Use /agentdesk connect to grant it.',
  account_reconnect:
    'Your {service} account refused us; its access was revoked or ran out. Use /agentdesk connect to renew it.',
  connect_expired: 'This link has expired. Ask for a new one with /agentdesk connect.',
  connect_used: 'This link was already used. Ask for a new one with /agentdesk connect.',
  connect_identity:
    'The browser is signed in as someone else, so nothing was connected. Open the link yourself, signed in to the right workspace.',
  connect_failed: 'The account was not connected: {problem}. Start again with /agentdesk connect.',
  vault_misconfigured:
    'The Token Vault refused AgentDesk itself ({problem}). Tell an admin to run `agentdesk doctor`.',
  vault_unreachable: 'The Token Vault does not answer. Nothing was done; try again in a few minutes.',
  // providers
  provider_unauthorized: '{service} refused our access. Use /agentdesk connect to renew it.',
  provider_forbidden: '{service} does not let this account do that: {problem}.',
  provider_not_found: '{service} cannot find {what}. Check the name and that the account may see it.',
  provider_conflict: '{service} says it already exists or was changed meanwhile. Look at it and ask again.',
  provider_gone: '{service} says it no longer exists.',
  provider_changed:
    'It changed at {service} after you were asked, so nothing was done. Ask again to see the new state.',
  provider_invalid: '{service} did not accept the request: {problem}.',
  provider_rate_limited: '{service} is rate limiting us. Try again in {seconds} seconds.',
  provider_unavailable: '{service} has a problem on its side ({status}). Try again in a few minutes.',
  provider_unreachable: '{service} could not be reached. Try again in a few minutes.',
  // approvals and people
  not_yours: 'Only {owner} can decide this.',
  not_allowed: 'You cannot do that: {reason}.',
  approval_unknown: 'There is no open approval with that code. See /agentdesk pending.',
  already_decided: 'Already {status} by {by} at {at}.',
  // second devices
  strong_unavailable: 'A second device cannot be used here: {problem}.',
  strong_expired:
    'This link is not good any more. Take the newest one from Slack, or use /agentdesk passkey.',
  strong_refused: '{problem}. Nothing was done.',
  strong_late:
    'Your second device did not confirm it in time, so nothing was done. Ask again if you still want it.',
  factor_missing:
    'This needs a passkey, and you have none yet. Make one with /agentdesk passkey; it counts after 24 hours, or at once when an admin vouches for it.',
  factor_waiting:
    'Your passkey counts from {at} on. An admin can vouch for it sooner: /agentdesk passkey vouch {id}.',
  factor_unknown: 'There is no such passkey. See /agentdesk passkey.',
  // model
  model_unreachable: 'The language model cannot be reached. Try again in a few minutes.',
  model_unauthorized: 'The language model refused our key. Tell an admin to check OPENAI_API_KEY.',
  model_rate_limited: 'The language model is rate limiting us. Try again in a minute.',
  model_failed:
    'The language model gave no usable answer ({problem}). Try again, in other words if it repeats.',
  message_too_long: 'Your message has {length} characters; I read at most {max}. Please shorten it.',
  internal:
    'Something went wrong on our side; it was logged as {reference}. Nothing was done that the audit does not show.',
} as const;

/** An error with a stable code; its message is the sentence a person may read. */
export class DeskError extends Error {
  override readonly name: string = 'DeskError';
  readonly code: ErrorCode;
  readonly details: Details;

  constructor(code: ErrorCode, details: Details = {}, options?: { cause?: unknown }) {
    super(fillSentence(code, details), options);
    this.code = code;
    this.details = details;
  }
}

/** A provider's refusal or failure. `effectPossible` tells whether it may have happened all the same. */
export class ProviderError extends DeskError {
  override readonly name = 'ProviderError';
  readonly status: number | null;
  /** Seconds the provider asked us to wait, when it said so. */
  readonly retryAfter: number | null;
  /** Whether the provider may have carried the request out all the same. */
  readonly effectPossible: boolean;

  constructor(
    code: ErrorCode,
    details: Details,
    facts: { status: number | null; retryAfter?: number | null; effectPossible: boolean; cause?: unknown },
  ) {
    super(code, details, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.status = facts.status;
    this.retryAfter = facts.retryAfter ?? null;
    this.effectPossible = facts.effectPossible;
  }
}

function fillSentence(code: ErrorCode, details: Details): string {
  return SENTENCES[code].replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? ''));
}

/**
 * The one place where an error becomes text for a person.
 * @param reference names the log line, for errors that are ours to look into
 */
export function userMessage(error: unknown, reference = 'unknown'): string {
  return error instanceof DeskError ? error.message : fillSentence('internal', { reference });
}
