const URLS = /\bhttps?:\/\/[^\s<>"'`]+/gi;

/**
 * Where the links in a text really lead: their hosts as a browser would look them up (punycode), without what is
 * written before an `@`.
 */
function findHosts(texts: readonly string[]): string[] {
  const hosts = new Set<string>();
  for (const text of texts) {
    for (const [url] of text.matchAll(URLS)) {
      if (URL.canParse(url)) hosts.add(new URL(url).host);
    }
  }
  return [...hosts];
}

/** One line about the hosts; empty when there are none. */
export function describeHosts(texts: readonly string[]): string {
  const hosts = findHosts(texts);
  const shown = hosts.slice(0, 10).map((host) => (host.length > 120 ? `${host.slice(0, 119)}…` : host));
  const more = hosts.length > shown.length ? ` and ${hosts.length - shown.length} more` : '';
  return hosts.length === 0 ? '' : `Links in it lead to: ${shown.join(', ')}${more}`;
}
