import { webApi } from '@slack/bolt';

/** What to do about a call to Slack that failed. */
type Failure =
  | { readonly kind: 'later'; readonly seconds: number; readonly why: string }
  | { readonly kind: 'threadless'; readonly why: string }
  | { readonly kind: 'never'; readonly why: string };

const MAX_ATTEMPTS = 15;

const TOKEN_PROBLEMS = ['invalid_auth', 'not_authed', 'token_expired', 'token_revoked', 'account_inactive'];

/** Slack's codes after which the same call may well succeed later. */
const PASSING = new Set([
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
  'accesslimited',
  'streaming_state_conflict',
  // The token is being replaced, perhaps by an install another process took; messages are not thrown away for it.
  ...TOKEN_PROBLEMS,
]);

export function classifyFailure(error: unknown, attempts: number): Failure {
  const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const seconds = Math.min(60, 2 ** attempts);
  if (error instanceof webApi.WebAPIRateLimitedError)
    return { kind: 'later', seconds: Math.max(1, error.retryAfter), why };
  if (error instanceof webApi.WebAPIPlatformError && !PASSING.has(error.data.error)) {
    const isThread = ['thread_not_found', 'invalid_thread_ts'].includes(error.data.error);
    return { kind: isThread ? 'threadless' : 'never', why };
  }
  return attempts >= MAX_ATTEMPTS ? { kind: 'never', why } : { kind: 'later', seconds, why };
}

/** Whether Slack does not take our token: then it is read anew before the next try. */
export function isTokenProblem(error: unknown): boolean {
  return error instanceof webApi.WebAPIPlatformError && TOKEN_PROBLEMS.includes(error.data.error);
}
