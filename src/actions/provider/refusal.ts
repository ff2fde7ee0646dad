import { z } from 'zod';
import type { DeskError } from '../../errors.ts';
import { ProviderError, type ErrorCode } from '../../errors.ts';
import type { ProviderContext } from './context.ts';
import { readRetryAfter } from './retry-after.ts';

/** What a provider answered, as both clients and `fetch` can tell it. */
export interface Refusal {
  readonly status: number;
  readonly headers: Headers;
  /** The decoded body: an object where it was JSON, else the text. */
  readonly body: unknown;
}

/**
 * Both providers' error bodies. Google: `{error: {message, errors: [{reason}]}}`
 * (https://developers.google.com/workspace/calendar/api/guides/errors); GitHub: `{message, errors}`
 * (https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api).
 */
const errorBody = z.object({
  message: z.string().optional(),
  error: z
    .object({
      message: z.string().optional(),
      errors: z.array(z.object({ reason: z.string().optional() })).optional(),
      details: z.array(z.object({ reason: z.string().optional() })).optional(),
    })
    .optional(),
});

const GOOGLE_RATE_REASONS = [
  'rateLimitExceeded',
  'userRateLimitExceeded',
  'quotaExceeded',
  'dailyLimitExceeded',
];
const GOOGLE_SCOPE_REASONS = [
  'insufficientPermissions',
  'insufficientScopes',
  'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
];
const PLAIN_CODES: Readonly<Record<number, ErrorCode>> = {
  401: 'provider_unauthorized',
  404: 'provider_not_found',
  409: 'provider_conflict',
  410: 'provider_gone',
  412: 'provider_changed',
};
/**
 * Answers by which a provider says that it did not carry the request out (RFC 9110 §15.5, RFC 6585). Any other 4xx comes
 * from something on the way, or means something we do not know.
 */
const NOT_DONE = new Set([
  400, 401, 403, 404, 405, 409, 410, 411, 412, 413, 414, 415, 422, 428, 429, 431, 451,
]);
const LONGEST_PROBLEM = 200;

/** Turns an answer that is not a success into the error for it. */
export function toRefusalError(refusal: Refusal, about: ProviderContext): DeskError {
  const { message, reasons } = readBody(refusal.body);
  const { status } = refusal;
  const fail = (code: ErrorCode, details: Record<string, string | number> = {}, effectPossible = false) =>
    new ProviderError(
      code,
      { service: about.service, what: about.what, ...details },
      { status, retryAfter: readRetryAfter(refusal.headers), effectPossible: effectPossible && about.effect },
    );
  if (status >= 300 && status < 400) {
    return fail(
      'provider_not_found',
      { what: `${about.what} at that address; it was moved or renamed` },
      true,
    );
  }
  if (status === 429 || (status === 403 && isRateLimit(refusal, message, reasons))) {
    return fail('provider_rate_limited', { seconds: readRetryAfter(refusal.headers) ?? 60 });
  }
  if (status === 403 && isScopeMissing(refusal.headers, reasons)) return fail('account_scope_missing');
  if (status === 403 || status === 451) return fail('provider_forbidden', { problem: message });
  const plain = PLAIN_CODES[status];
  if (plain !== undefined) return fail(plain);
  // 408, 5xx and the like may come from a front door after the service behind it has already acted.
  if (!NOT_DONE.has(status)) return fail('provider_unavailable', { status }, true);
  return fail('provider_invalid', { problem: message });
}

function readBody(body: unknown): { message: string; reasons: string[] } {
  const { data } = errorBody.safeParse(body);
  const reasons = [...(data?.error?.errors ?? []), ...(data?.error?.details ?? [])].map(
    (item) => item.reason ?? '',
  );
  return { message: shorten(data?.error?.message ?? data?.message ?? 'no reason given'), reasons };
}

/** One line of bounded length: provider text is somebody else's text. */
function shorten(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length > LONGEST_PROBLEM ? `${line.slice(0, LONGEST_PROBLEM - 1)}…` : line;
}

/**
 * GitHub answers 403 for its primary limit (`x-ratelimit-remaining: 0`) and its secondary ones (`retry-after`
 * or only words): https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api.
 */
function isRateLimit({ headers }: Refusal, message: string, reasons: readonly string[]): boolean {
  if (reasons.some((reason) => GOOGLE_RATE_REASONS.includes(reason))) return true;
  if (headers.get('x-ratelimit-remaining') === '0' || headers.has('retry-after')) return true;
  return /secondary rate limit|rate limit exceeded/i.test(message);
}

/** Google names the reason; GitHub lists the scopes the route accepts beside those the token has. */
function isScopeMissing(headers: Headers, reasons: readonly string[]): boolean {
  if (reasons.some((reason) => GOOGLE_SCOPE_REASONS.includes(reason))) return true;
  if ((headers.get('www-authenticate') ?? '').includes('insufficient_scope')) return true;
  const accepted = splitScopes(headers.get('x-accepted-oauth-scopes'));
  const granted = splitScopes(headers.get('x-oauth-scopes'));
  return (
    headers.has('x-oauth-scopes') && accepted.length > 0 && !accepted.some((scope) => granted.includes(scope))
  );
}

function splitScopes(header: string | null): string[] {
  return (header ?? '').split(',').flatMap((scope) => scope.trim() || []);
}
