import { authorizeConnect } from '../../vault/accounts/connect.ts';
import { startLogin } from '../../vault/accounts/link/begin.ts';
import type { ConnectRequest } from '../../vault/deps.ts';
import type { HttpDoorOptions } from '../options.ts';

/**
 * Where a browser goes that has taken a link: a link to the tenant goes to its sign-in, an account to its provider; but
 * to the tenant's sign-in first where nothing has proved the member and the tenant can.
 * @param provedBy how the browser proved to be the member so far
 * @returns the URL to redirect to
 * @throws DeskError as {@link startLogin} and {@link authorizeConnect}
 */
export function goOn(
  { vault }: HttpDoorOptions,
  request: ConnectRequest,
  provedBy: 'slack' | null,
): Promise<string> {
  const isToTenant = request.kind === 'link' || (provedBy === null && vault.linking !== null);
  return isToTenant ? startLogin(vault, request, provedBy) : authorizeConnect(vault, request, provedBy);
}
