import { DeskError } from '../../errors.ts';
import { authorizeConnect, refuseConnect } from '../../vault/accounts/connect.ts';
import type { ConnectRequest } from '../../vault/deps.ts';
import type { HttpDoorOptions } from '../options.ts';

/**
 * Asks the vault where the provider's consent is. The link is used up by now, so a vault that does not start it
 * ends the request: the audit says so, and a new link is a fresh start.
 * @returns the URL to redirect to
 */
export async function continueToProvider(
  door: HttpDoorOptions,
  request: ConnectRequest,
  provedBy: 'slack' | null,
): Promise<string> {
  try {
    return await authorizeConnect(door.vault, request, provedBy);
  } catch (error) {
    // `connect_used`: the same browser came twice, and the other visit goes on.
    if (!(error instanceof DeskError) || error.code === 'connect_used') throw error;
    throw await refuseConnect(door.vault, request, error, 'the vault did not start it');
  }
}
