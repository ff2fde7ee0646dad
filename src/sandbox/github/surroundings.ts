import { createHash, randomBytes } from 'node:crypto';
import { readBearer } from '../http/credentials.ts';
import { replyEmpty, type Incoming, type Reply } from '../http/exchange.ts';
import { findToken } from './access.ts';
import { replyProblem } from './errors.ts';
import { acceptedScopes } from './scopes.ts';
import type { Github } from './state.ts';

const VERSIONS = ['2022-11-28', '2026-03-10'];
const HOUR_MS = 3_600_000;

/** What GitHub does around every REST request: checks, rate limit, scopes, etag, version. */
export function createSurroundings(
  github: Github,
): (request: Incoming, next: () => Promise<Reply>) => Promise<Reply> {
  const used = new Map<string, number>();
  return async (request, next) => {
    if (isSite(request.path)) return next();
    const version = request.headers['x-github-api-version'] ?? '2022-11-28';
    const headers = {
      'x-github-request-id': randomBytes(12).toString('hex').toUpperCase(),
      'x-github-media-type': 'github.v3; format=json',
      'x-github-api-version-selected': String(version),
      ...countRequest(github, request, used),
      ...scopeHeaders(github, request),
    };
    const reply = check(request, String(version)) ?? (await next());
    return addEtag(request, { ...reply, headers: { ...headers, ...reply.headers } });
  };
}

/** The site's pages; everything else is the REST API. */
function isSite(path: string): boolean {
  return path.startsWith('/login/') || /^\/[^/]+\/[^/]+\/(issues|pull)\/\d+$/.test(path);
}

function check(request: Incoming, version: string): Reply | null {
  if (!request.headers['user-agent']) {
    return replyProblem(
      403,
      'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.',
    );
  }
  if (VERSIONS.includes(version)) return null;
  return replyProblem(400, `"${version.slice(0, 40)}" is not a supported version.`);
}

function countRequest(github: Github, request: Incoming, used: Map<string, number>): Record<string, string> {
  const limit = request.headers.authorization ? 5000 : 60;
  const hour = Math.floor(github.now().getTime() / HOUR_MS);
  const key = `${hour} ${readBearer(request) ?? ''}`;
  const count = (used.get(key) ?? 0) + 1;
  for (const old of used.keys()) if (!old.startsWith(`${hour} `)) used.delete(old);
  used.set(key, count);
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(Math.max(0, limit - count)),
    'x-ratelimit-used': String(count),
    'x-ratelimit-reset': String(((hour + 1) * HOUR_MS) / 1000),
    'x-ratelimit-resource': 'core',
  };
}

function scopeHeaders(github: Github, request: Incoming): Record<string, string> {
  const secret = readBearer(request);
  const token = secret === null ? null : findToken(github, secret);
  if (!token) return {};
  return {
    'x-oauth-scopes': token.scopes.join(', '),
    'x-accepted-oauth-scopes': acceptedScopes(request.path),
  };
}

function addEtag(request: Incoming, reply: Reply): Reply {
  if (request.method !== 'GET' || reply.status !== 200) return reply;
  const etag = `W/"${createHash('sha256').update(reply.body).digest('hex')}"`;
  const headers = { ...reply.headers, etag, 'cache-control': 'private, max-age=60, s-maxage=60' };
  if (request.headers['if-none-match'] !== etag) return { ...reply, headers };
  return replyEmpty(
    304,
    Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'content-type')),
  );
}
