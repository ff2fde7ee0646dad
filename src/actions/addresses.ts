import { domainToASCII } from 'node:url';
import { refuseArguments } from './arguments.ts';

const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])$/;
const LONGEST = 254;

/**
 * One e-mail address, bare or as `Name <address>` (the name is dropped: only the address says where mail
 * goes). The domain comes back in lower case and, where it is not ASCII, in its `xn--` form, so that
 * look-alike letters show. Quoted local parts of RFC 5321 are not accepted.
 * @returns null when it is no address
 */
export function parseAddress(text: string): string | null {
  if (/[\p{Cc}\u2028\u2029]/u.test(text)) return null;
  const bare = (/^[^<>]*<([^<>]*)>$/.exec(text.trim())?.[1] ?? text).trim();
  const at = bare.lastIndexOf('@');
  const local = bare.slice(0, Math.max(at, 0));
  const domain = domainToASCII(bare.slice(at + 1)).toLowerCase();
  const valid = local.length <= 64 && LOCAL_PART.test(local) && DOMAIN.test(domain);
  const address = `${local}@${domain}`;
  return valid && address.length <= LONGEST ? address : null;
}

/**
 * Addresses in the order given, each once.
 * @throws DeskError `arguments_invalid` naming the first that is no address
 */
export function resolveAddresses(action: string, name: string, texts: readonly string[]): string[] {
  const addresses = new Map<string, string>();
  for (const text of texts) {
    const address = parseAddress(text);
    if (address === null)
      throw refuseArguments(
        action,
        `${name} has ${JSON.stringify(text.slice(0, 80))}, which is no e-mail address`,
      );
    if (!addresses.has(address.toLowerCase())) addresses.set(address.toLowerCase(), address);
  }
  return [...addresses.values()];
}

export function isSameAddress(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
