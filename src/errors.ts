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
  database_full:
    'The desk’s database has no disk space left, so nothing was done. An admin has to free some; then try again. (Reference {reference})',
  database_away:
    'The desk’s database does not answer at the moment, so nothing was done. Try again in a minute. (Reference {reference})',
  database_unreachable:
    'The database cannot be reached ({problem}). Check DATABASE_URL and that PostgreSQL runs.',
  slack_unreachable:
    'Slack cannot be reached at {url} ({problem}). Check the network; AgentDesk keeps trying.',
  // calls
  tool_unknown: 'There is no tool called {tool}. I can only use the tools I was given.',
  arguments_invalid:
    'The arguments for {action} are not usable: {problem}. Say it again with what is missing.',
  tool_call_id_reused: 'That tool call was made before with other arguments, so it was refused. Ask again.',
  too_many_calls:
    'Only {max} calls are taken at a time, and this one came after them, so it was not looked at. Ask for it again when the others are answered.',
  turn_too_long: 'I stopped after {steps} steps without finishing. Ask for a smaller piece of it.',
  denied_by_policy: 'The policy does not allow this: {reason}. An admin can change it in App Home, Policy.',
  denied_by_person: 'It was denied{reason}. Nothing was done.',
  already_denied: 'The same thing was denied earlier in this conversation turn, so it was not asked again.',
  approval_expired: 'Nobody approved it in time, so nothing was done. Ask again if you still want it.',
  approval_cancelled: 'The request was cancelled. Nothing was done.',
  approval_superseded: 'The request was replaced by an edited one. Decide on the newer card.',
  approval_invalid:
    'The approval did not match what was asked, so it was discarded and nothing was done. Ask again.',
  not_done_twice: 'It was tried twice and did not happen either time, so nothing was done. Ask again later.',
  execute_too_late: 'It waited too long to run safely, so nothing was done. Ask again.',
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
  connect_stale:
    'This page is out of date. Open the link in Slack again, in the same browser, or ask for a new one with /agentdesk connect.',
  connect_elsewhere:
    'This was begun in another browser. Go on there, or ask for a new link with /agentdesk connect and open it in the browser you usually use.',
  connect_under_way:
    'The account is being connected. Reload this page in a few seconds; if it stays, ask for a new link with /agentdesk connect.',
  connect_try_again:
    '{service} does not answer, so nothing was connected. Your link still works: open it again in a few minutes.',
  connect_identity:
    'The browser is signed in as someone else, so nothing was connected. Sign in to Slack as yourself, then ask for a new link with /agentdesk connect.',
  connect_failed: 'The account was not connected: {problem}. Start again with /agentdesk connect.',
  link_missing: 'You are not linked to {service} yet. Use /agentdesk link, then ask again.',
  link_renew:
    'Your sign-in at {service} is not valid any more. Use /agentdesk link to renew it, then ask again.',
  link_unproved:
    'The sign-in at {service} could not be verified, so nothing was linked. Ask for a new link with /agentdesk link and open it in the browser you usually use.',
  link_taken:
    'That identity belongs to another member of this workspace, so nothing was linked. Sign in as yourself; if it is yours, ask an admin.',
  link_declined: 'The link was not approved, so nothing changed.',
  vault_misconfigured:
    'The Token Vault refused AgentDesk itself ({problem}). Tell an admin to run `agentdesk doctor`.',
  vault_answer_unusable:
    'The Token Vault gave an answer that cannot be used ({problem}). Try again; if it stays so, tell an admin to run `agentdesk doctor`.',
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
  provider_wait: 'The provider asks to wait {seconds} seconds; I try again then, by myself.',
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
  factor_unvouched: 'Your passkey counts once an admin vouches for it: /agentdesk passkey vouch {id}.',
  device_missing:
    'This needs a second device. Link yourself with /agentdesk link, then {service} asks on your phone; or make a passkey with /agentdesk passkey. Either counts after 24 hours, or at once when an admin vouches for it.',
  device_unvouched:
    'Your identity at {service} counts as your second device once an admin vouches for it: /agentdesk passkey vouch {id}.',
  device_waiting:
    'Your identity at {service} counts as your second device from {at} on. An admin can vouch for it sooner: /agentdesk passkey vouch {id}.',
  device_not_enrolled:
    '{service} knows no device of yours to ask, so nothing was done. Install Auth0 Guardian (or the app your team uses), sign in at {service} and enrol it, or make a passkey with /agentdesk passkey; then ask again.',
  device_busy: '{service} is asked too often at the moment. It goes on by itself; wait a little.',
  device_refused: '{problem}',
  factor_unknown: 'There is no such passkey. See /agentdesk passkey.',
  // policy
  policy_invalid: 'This policy is not usable: {problem}. Correct it and save it again.',
  policy_changed:
    'The policy was changed meanwhile by {by}: {what}. Nothing of yours was saved; look at version {number} and make your change again.',
  policy_too_low: 'This cannot be set lower: {layer} asks for more ("{rule}"). Choose {least} or stricter.',
  policy_unchanged: 'There is nothing to save: the policy says this already.',
  policy_unknown: 'There is no policy version {version} here. See the history in App Home, Policy.',
  policy_tampered:
    'The policy in force is not the one that was put in force here, so nothing is done. Tell an admin to run `agentdesk audit verify` and to look who can write to the database.',
  // grants
  grant_refused: 'This cannot be allowed again: {reason}.',
  grant_over: 'The grant that allowed this is over: {reason}. Nothing was done; ask again.',
  grant_unknown: 'There is no such grant of yours in force. See /agentdesk grants.',
  // audit
  export_refused: 'The log was not exported: {problem}.',
  erase_refused: 'Nothing was erased: {problem}. End this first, then try again.',
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
  if (error instanceof DeskError) return error.message;
  const trouble = findDatabaseTrouble(error);
  return trouble === null ? fillSentence('internal', { reference }) : fillSentence(trouble, { reference });
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html, and the codes of lost connections. */
const DATABASE_TROUBLE: Readonly<Record<string, 'database_full' | 'database_away'>> = {
  '53100': 'database_full',
  '57P01': 'database_away',
  '57P02': 'database_away',
  '57P03': 'database_away',
  '08006': 'database_away',
  ECONNREFUSED: 'database_away',
  ECONNRESET: 'database_away',
  CONNECTION_CLOSED: 'database_away',
  CONNECTION_ENDED: 'database_away',
  CONNECT_TIMEOUT: 'database_away',
};

/** What is wrong with the database, wherever the error was wrapped. */
function findDatabaseTrouble(error: unknown): 'database_full' | 'database_away' | null {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code: unknown = (at as { code?: unknown }).code;
    const trouble = typeof code === 'string' ? DATABASE_TROUBLE[code] : undefined;
    if (trouble !== undefined) return trouble;
  }
  return null;
}
