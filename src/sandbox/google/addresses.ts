export interface Address {
  readonly name: string;
  readonly email: string;
}

export function isAddress(text: string): boolean {
  return /^[^\s@<>(),;:"]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(text);
}

/**
 * The addresses of a To, Cc or Bcc header (RFC 5322 §3.4): names, quoted names and groups.
 * Null when one of them is not an address.
 */
export function parseAddresses(header: string): Address[] | null {
  const addresses: Address[] = [];
  for (const part of splitList(header)) {
    const text = part
      .replace(/^[^"<>@:]*:/, '')
      .replace(/;$/, '')
      .trim();
    if (text === '') continue;
    const angled = /^(.*)<([^<>]*)>$/s.exec(text);
    const email = (angled?.[2] ?? text).trim().toLowerCase();
    const name = (angled?.[1] ?? '')
      .trim()
      .replace(/^"(.*)"$/s, '$1')
      .replace(/\\(.)/g, '$1');
    if (!isAddress(email)) return null;
    addresses.push({ name, email });
  }
  return addresses;
}

/** Splits at commas and group ends outside quotes and angle brackets. */
function splitList(text: string): string[] {
  const parts: string[] = [];
  let part = '';
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const letter = text[index] ?? '';
    if (quoted && letter === '\\') {
      part += letter + (text[index + 1] ?? '');
      index += 1;
      continue;
    }
    if (letter === '"') quoted = !quoted;
    if (!quoted && (letter === ',' || letter === ';')) {
      parts.push(part);
      part = '';
    } else part += letter;
  }
  return [...parts, part];
}
