import { refreshTokenGrant, type Configuration } from 'openid-client';
import { DeskError } from '../../errors.ts';
import { toTenantError } from './tenant-error.ts';

/** https://auth0.com/docs: My Account API, scopes of connected accounts. */
const SCOPES = ['create:me:connected_accounts', 'read:me:connected_accounts', 'delete:me:connected_accounts'];

/**
 * An access token for the tenant's My Account API, got with the subject's refresh token (Multi-Resource Refresh Token).
 * It is not kept.
 * @throws DeskError `link_renew` when the refresh token is not good any more, `vault_misconfigured`, `vault_unreachable`
 */
export async function obtainMyAccountToken(
  configuration: () => Promise<Configuration>,
  tenant: { readonly issuer: string; readonly domain: string },
  refreshToken: string,
): Promise<string> {
  try {
    const tokens = await refreshTokenGrant(await configuration(), refreshToken, {
      audience: `${tenant.issuer}me/`,
      scope: SCOPES.join(' '),
    });
    if (tokens.refresh_token !== undefined && tokens.refresh_token !== refreshToken)
      throw new DeskError('vault_misconfigured', { problem: 'refresh token rotation is on' });
    const granted = new Set((tokens.scope ?? '').split(' '));
    const missing = SCOPES.filter((scope) => !granted.has(scope));
    if (missing.length > 0)
      throw new DeskError('vault_misconfigured', {
        problem: `the My Account API does not grant ${missing.join(', ')}`,
      });
    return tokens.access_token;
  } catch (error) {
    throw toTenantError(error, new DeskError('link_renew', { service: tenant.domain }));
  }
}
