import { isLoopback } from '../../config-readers.ts';
import { DeskError } from '../../errors.ts';
import type { VaultDeps } from '../deps.ts';

/** Where the consent page of a connection is, when the vault sends the browser to the provider directly. */
const CONSENT_HOSTS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'google-oauth2': 'accounts.google.com',
    github: 'github.com',
  }),
);

/**
 * The vault says where the browser goes next; it may only be the vault itself, as a tenant does it, or the
 * connection's own provider, as the embedded vault does it. So a vault that was taken over cannot send members elsewhere.
 * @throws DeskError `vault_answer_unusable`
 */
export function needConsentUrl(
  deps: Pick<VaultDeps, 'vault' | 'resolveHost'>,
  connection: string,
  url: URL,
): string {
  const host = CONSENT_HOSTS.get(connection);
  const places = [deps.vault.issuer, ...(host === undefined ? [] : [deps.resolveHost(host)])];
  const origins = places
    .map((place) => (/^https?:/.test(place) ? place : `https://${place}`))
    .map((place) => new URL(place).origin);
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.href));
  if (!isSafe || url.username !== '' || url.password !== '' || !origins.includes(url.origin)) {
    const cause = new Error(`the consent page is said to be at ${url.protocol}//${url.host}`);
    const problem = 'it sends you to a place that is not the provider’s';
    throw new DeskError('vault_answer_unusable', { problem }, { cause });
  }
  return url.href;
}
