/** Domains where anyone can have an address: sharing one means nothing. */
const PUBLIC =
  /^(?:(?:gmail|googlemail|outlook|hotmail|live|msn|yahoo|ymail|rocketmail|icloud|me|mac|aol|gmx|mail|zoho|yandex|proton|protonmail|pm|fastmail|hey|tutanota|tuta|hushmail|qq|163|126|sina|naver|daum|hanmail|web|t-online|freenet|orange|free|laposte|wanadoo|libero|virgilio|comcast|verizon|att|sbcglobal|btinternet|sky|rediffmail|mail2world|inbox|bk|list|mailbox|posteo|duck|privaterelay|simplelogin)\.[a-z.]+|.*\.onmicrosoft\.com)$/;

/** The domain of an address in lower case, when it is an organisation's own; else null. */
export function ownDomain(address: string | null): string | null {
  const domain = address?.toLowerCase().split('@')[1]?.trim() ?? '';
  return readDomain(domain);
}

/** A workspace's e-mail domains as `team.info` lists them: separated by commas, perhaps with an `@`. */
export function readDomains(list: string): string[] {
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .map((entry) => readDomain(entry.replace(/^@/, '')))
    .filter((domain) => domain !== null);
}

function readDomain(domain: string): string | null {
  return /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain) && !PUBLIC.test(domain) ? domain : null;
}
