import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerProblem } from './responses.ts';

/**
 * Refuses what a foreign page could have sent: a Host the page is not served at (DNS rebinding) and, for a
 * POST, an Origin that is not the page's or a body that is not JSON (a form can be posted across sites
 * without being asked, JSON cannot: Fetch standard, CORS-safelisted request-header).
 * @returns true when the request was refused and answered
 */
export function refuseForeign(
  req: IncomingMessage,
  res: ServerResponse,
  allowedHosts: readonly string[],
): boolean {
  const problem = findProblem(req, allowedHosts);
  if (problem === null) return false;
  answerProblem(res, 403, problem);
  return true;
}

function findProblem(req: IncomingMessage, allowedHosts: readonly string[]): string | null {
  if (!isAllowed(req.headers.host, allowedHosts)) {
    return `The sandbox is not served at this host. Open it at http://${allowedHosts[0] ?? 'localhost'}/.`;
  }
  if (req.method !== 'POST') return null;
  if (!isAllowed(hostOfOrigin(req.headers.origin), allowedHosts)) {
    return 'The sandbox takes requests from its own page only. Use the page itself.';
  }
  if (req.headers['content-type']?.split(';')[0]?.trim().toLowerCase() !== 'application/json') {
    return 'The sandbox takes JSON only. Send it with Content-Type application/json.';
  }
  return null;
}

function isAllowed(host: string | undefined, allowedHosts: readonly string[]): boolean {
  return host !== undefined && allowedHosts.includes(host.toLowerCase());
}

function hostOfOrigin(origin: string | undefined): string | undefined {
  if (origin === undefined || !URL.canParse(origin)) return undefined;
  const url = new URL(origin);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.host : undefined;
}
