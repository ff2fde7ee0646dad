import type { Polled, Trouble } from './types.ts';

/** What of an error of the client tells why (`@auth0/auth0-auth-js` BackchannelAuthenticationError). */
interface Failure {
  readonly code: string;
  readonly description: string;
  /** null when there was no answer. */
  readonly status: number | null;
  readonly headers: Headers | null;
}

/** Of a request of ours that is well-formed, this is about the client; anything else about the person's devices. */
const MALFORMED = /binding|scope|audience|expiry|authorization_details|login_hint|parameter|grant|client/i;
const MISCONFIGURED = new Set([
  'invalid_client',
  'unauthorized_client',
  'invalid_scope',
  'invalid_target',
  'invalid_binding_message',
  'invalid_authorization_details',
  'unsupported_grant_type',
]);

/**
 * What a refused or failed request to `/bc-authorize` means. Auth0 documents no code for someone without a device;
 * its own packages take `invalid_request` for it, and others are possible (CIBA Core §13), so whatever is not about
 * our client is about the person.
 */
export function readAskFailure(error: unknown, now: Date): Trouble {
  const failure = readFailure(error);
  const trouble = readTrouble(failure, now);
  if (trouble !== null) return trouble;
  const { code, description } = failure;
  const isOurs = MISCONFIGURED.has(code) || (code === 'invalid_request' && MALFORMED.test(description));
  return {
    kind: 'refused',
    code: isOurs ? 'vault_misconfigured' : 'device_not_enrolled',
    problem: name(code),
  };
}

/** What an answer to a poll other than tokens means. */
export function readPollFailure(error: unknown, now: Date): Polled {
  const failure = readFailure(error);
  switch (failure.code) {
    case 'authorization_pending':
      return { kind: 'pending' };
    case 'slow_down':
      return { kind: 'slow_down', seconds: readWait(failure.headers, now) };
    case 'access_denied':
      return { kind: 'denied' };
    case 'expired_token':
      return { kind: 'expired' };
    case 'invalid_grant':
      return { kind: 'spent' };
  }
  const trouble = readTrouble(failure, now);
  if (trouble !== null) return trouble;
  const { code, description } = failure;
  const isTheirs = code === 'invalid_request' && !MALFORMED.test(description);
  return {
    kind: 'refused',
    code: isTheirs ? 'device_not_enrolled' : 'vault_misconfigured',
    problem: name(code),
  };
}

function readFailure(error: unknown): Failure {
  const { cause, statusCode, headers } = error as {
    cause?: unknown;
    statusCode?: unknown;
    headers?: unknown;
  };
  const { error: code, error_description: description } = (cause ?? {}) as Record<string, unknown>;
  return {
    code: typeof code === 'string' ? code : '',
    description: typeof description === 'string' ? description : '',
    status: typeof statusCode === 'number' ? statusCode : null,
    headers: headers instanceof Headers ? headers : null,
  };
}

/** An outage or a limit; nothing was said about the request then. */
function readTrouble({ code, status, headers }: Failure, now: Date): Trouble | null {
  const seconds = readWait(headers, now);
  if (status === 429) return { kind: 'later', code: 'device_busy', seconds };
  if (status === null || status >= 500 || status === 408 || code === '')
    return { kind: 'later', code: 'vault_unreachable', seconds };
  return null;
}

/** Seconds from `Retry-After` (RFC 9110 §10.2.3: seconds or a date), or from Auth0's `x-ratelimit-reset` (Unix time). */
function readWait(headers: Headers | null, now: Date): number | null {
  const after = headers?.get('retry-after') ?? null;
  const reset = Number(headers?.get('x-ratelimit-reset') ?? Number.NaN) * 1000;
  const until = after === null ? reset : Date.parse(after);
  const seconds = after !== null && /^\d+$/.test(after) ? Number(after) : (until - now.getTime()) / 1000;
  return Number.isFinite(seconds) ? Math.min(600, Math.max(1, Math.ceil(seconds))) : null;
}

/** A code only: what else the tenant says is not for people or logs. */
function name(code: string): string {
  return /^[a-z_]{1,60}$/.test(code) ? code : 'unknown error';
}
