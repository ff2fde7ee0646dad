import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { ProviderFailure } from './providers/failure.ts';

/** @param code Auth0's, as far as it is known (it publishes no list) */
export function refuseExchange(
  status: number,
  code: string,
  description: string,
): errors.CustomOIDCProviderError {
  return Object.assign(new errors.CustomOIDCProviderError(code, description), { status, statusCode: status });
}

/** What a provider's failure is to the desk. Only `refused` means that the member has to connect again. */
export function refuseForProvider(
  ctx: KoaContextWithOIDC,
  failure: ProviderFailure,
): errors.CustomOIDCProviderError {
  switch (failure.kind) {
    case 'refused':
      return refuseExchange(401, 'federated_connection_refresh_token_flow_failed', 'the provider refused');
    case 'limited':
      ctx.set('Retry-After', String(failure.retryAfter ?? 30));
      return refuseExchange(429, 'too_many_requests', 'the provider limits our requests');
    case 'down':
      return refuseExchange(503, 'temporarily_unavailable', 'the provider does not answer');
    case 'client':
      return refuseExchange(502, 'temporarily_unavailable', 'the provider refuses our OAuth client');
    case 'broken':
      return refuseExchange(502, 'temporarily_unavailable', 'the provider gave no usable answer');
  }
}
