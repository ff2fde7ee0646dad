/**
 * How long a provider asks us to wait, in whole seconds, or null when it does not say. `Retry-After` is
 * seconds or an HTTP date (RFC 9110 §10.2.3); GitHub may give only `x-ratelimit-reset`, in Unix seconds.
 * Dates are compared with the answer's own `Date`, so that our clock does not matter.
 */
export function readRetryAfter(headers: Headers): number | null {
  const answeredAt = Date.parse(headers.get('date') ?? '');
  const retryAfter = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter);
  const until = retryAfter === '' ? readReset(headers) : Date.parse(retryAfter);
  if (Number.isNaN(until) || Number.isNaN(answeredAt)) return null;
  return Math.max(0, Math.ceil((until - answeredAt) / 1000));
}

function readReset(headers: Headers): number {
  const reset = headers.get('x-ratelimit-reset') ?? '';
  return headers.get('x-ratelimit-remaining') === '0' && /^\d+$/.test(reset)
    ? Number(reset) * 1000
    : Number.NaN;
}
