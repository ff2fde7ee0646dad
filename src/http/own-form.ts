import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a POST came from a page of ours. Our pages send no referrer, and then browsers send `Origin: null`
 * even to the page's own site (Fetch standard, "append a request Origin header"); so does a sandboxed frame of
 * anyone's. Sec-Fetch-Site, which no page can forge, tells them apart.
 */
export function isOwnForm(headers: IncomingHttpHeaders, publicUrl: string): boolean {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  if (origin === undefined || origin === new URL(publicUrl).origin) return true;
  return origin === 'null' && site === 'same-origin';
}
