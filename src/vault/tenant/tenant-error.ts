import { AuthorizationResponseError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';
import { DeskError } from '../../errors.ts';

/** The client itself is refused: only an admin can mend that (RFC 6749 §5.2). */
const MISCONFIGURED = new Set([
  'invalid_client',
  'unauthorized_client',
  'invalid_request',
  'invalid_scope',
  'invalid_target',
  'unsupported_grant_type',
  'access_denied',
  'unmet_authentication_requirements',
  'mfa_required',
]);

/**
 * What a refused or failed request to the tenant means for a person.
 * @param wrong what it means when the answer itself is wrong: a code or token that is not good, an ID token that
 *   does not verify
 */
export function toTenantError(error: unknown, wrong: DeskError): DeskError {
  if (error instanceof DeskError) return error;
  const status = readStatus(error);
  if (status !== null && (status >= 500 || status === 429)) return unreachable(error);
  if (error instanceof ResponseBodyError && MISCONFIGURED.has(error.error))
    return misconfigured(error.error, error);
  if (error instanceof WWWAuthenticateChallengeError) return misconfigured('invalid_client', error);
  if (error instanceof ResponseBodyError || error instanceof AuthorizationResponseError)
    return because(wrong, error);
  return isNoAnswer(error) ? unreachable(error) : because(wrong, error);
}

/** The HTTP status, of an answer that was read or of one that was no OAuth answer at all. */
function readStatus(error: unknown): number | null {
  const { status, cause } = error as { status?: unknown; cause?: unknown };
  if (typeof status === 'number') return status;
  return cause instanceof Response ? cause.status : null;
}

/** `fetch` rejects with a TypeError that has a cause; a timeout is an error of its own. */
function isNoAnswer(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at.message === 'fetch failed' || at.name === 'TimeoutError' || at.name === 'AbortError') return true;
    if ((at as { code?: unknown }).code === 'OAUTH_TIMEOUT') return true;
  }
  return false;
}

const unreachable = (cause: unknown): DeskError => new DeskError('vault_unreachable', {}, { cause });

const misconfigured = (problem: string, cause: unknown): DeskError =>
  new DeskError('vault_misconfigured', { problem }, { cause });

const because = ({ code, details }: DeskError, cause: unknown): DeskError =>
  new DeskError(code, details, { cause });
