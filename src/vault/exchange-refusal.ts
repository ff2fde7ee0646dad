import { DeskError, ProviderError } from '../errors.ts';

/** Seconds to wait when a vault limits us and does not say for how long. */
const DEFAULT_WAIT_SECONDS = 30;

/** The provider's name as people know it. */
export function nameService(connection: string): string {
  return connection === 'github' ? 'GitHub' : connection === 'google-oauth2' ? 'Google' : connection;
}

/** The vault's own word for a refusal, for the audit; bounded. */
export function readErrorCode(error: unknown): string {
  const code = (error as { cause?: { error?: unknown } }).cause?.error;
  return typeof code === 'string' && code !== '' ? code.slice(0, 100) : 'no_answer';
}

/**
 * What a failed exchange means. Auth0 publishes no list of its codes; those known are told apart, and of the others
 * the HTTP status decides, so that an outage never asks a member to connect again.
 * @param vault whether a lease is asked for beside the token (the embedded vault), and the tenant's name
 */
export function describeRefusal(
  error: unknown,
  connection: string,
  vault: { readonly embedded: boolean; readonly name: string },
): DeskError {
  if (error instanceof DeskError) return error;
  const service = nameService(connection);
  const code = readErrorCode(error);
  const status = readStatus(error);
  if (status === 429 || code === 'too_many_requests') return describeWait(error);
  if (status !== null && status >= 500) return unreachable(error, status);
  switch (code) {
    case 'federated_connection_refresh_token_not_found':
    case 'tokenset_not_found':
      return new DeskError('account_missing', { service });
    case 'federated_connection_refresh_token_flow_failed':
      return new DeskError('account_reconnect', { service });
    case 'invalid_grant':
    case 'invalid_token':
      return new DeskError('link_renew', { service: vault.name });
    case 'access_denied':
      return vault.embedded
        ? new DeskError('lease_refused', { reason: 'the vault does not know this lease' })
        : misconfigured(code);
    case 'no_answer':
      return unreachable(error, status);
    default:
      return misconfigured(code);
  }
}

function readStatus(error: unknown): number | null {
  const { statusCode, cause } = error as { statusCode?: unknown; cause?: { statusCode?: unknown } };
  const status = statusCode ?? cause?.statusCode;
  return typeof status === 'number' ? status : null;
}

/** Nothing was sent to the provider, so the call may wait and be tried anew (RFC 9110 §10.2.3, Retry-After). */
function describeWait(error: unknown): ProviderError {
  const { headers, cause } = error as { headers?: Headers; cause?: { headers?: Headers } };
  const after = Number((headers ?? cause?.headers)?.get('retry-after'));
  const seconds = Number.isFinite(after) && after > 0 ? Math.ceil(after) : DEFAULT_WAIT_SECONDS;
  return new ProviderError(
    'provider_rate_limited',
    { service: 'The Token Vault', seconds },
    { status: 429, retryAfter: seconds, effectPossible: false, cause: error },
  );
}

const misconfigured = (problem: string): DeskError => new DeskError('vault_misconfigured', { problem });

function unreachable(error: unknown, status: number | null): DeskError {
  return new DeskError(
    'vault_unreachable',
    {},
    { cause: status === null ? error : new Error(`status ${status}`) },
  );
}
