import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { parseJsonBody } from './read-body.ts';

/** Headers the provider may see; everything else of the request stays outside. */
const KEPT_HEADERS = ['accept', 'authorization', 'user-agent'] as const;

/**
 * A request as oidc-provider wants it: under the issuer's own host (so that every URL it makes is below the
 * issuer), its body a form. Auth0 also takes JSON, and `audience` where this provider reads `resource` (RFC 8707).
 * @returns null when the body is neither a form nor a flat JSON object, or holds a NUL, which PostgreSQL cannot
 * store
 */
export function rebuildRequest(
  request: IncomingMessage,
  issuer: string,
  body: Buffer,
): IncomingMessage | null {
  const { host, protocol } = new URL(issuer);
  const rebuilt = new IncomingMessage(new Socket());
  rebuilt.method = request.method ?? 'GET';
  rebuilt.url = request.url ?? '/';
  rebuilt.headers = { host, 'x-forwarded-proto': protocol.replace(':', '') };
  for (const name of KEPT_HEADERS) {
    const value = request.headers[name];
    if (value !== undefined) rebuilt.headers[name] = value;
  }
  if (request.method === 'POST') {
    const form = readForm(request.headers['content-type'] ?? '', body);
    if (form === null) return null;
    const bytes = Buffer.from(form.toString());
    rebuilt.headers['content-type'] = 'application/x-www-form-urlencoded';
    rebuilt.headers['content-length'] = String(bytes.length);
    rebuilt.push(bytes);
  }
  rebuilt.push(null);
  rebuilt.complete = true;
  return rebuilt;
}

function readForm(contentType: string, body: Buffer): URLSearchParams | null {
  const type = contentType.split(';')[0]?.trim().toLowerCase();
  const given = type === 'application/json' ? readJsonForm(body) : new URLSearchParams(body.toString('utf8'));
  if (given === null) return null;
  const form = new URLSearchParams();
  for (const [name, value] of given) {
    if (value.includes('\0') || name.includes('\0')) return null;
    // An empty audience is what @auth0/ai sends when it has none.
    if (name === 'audience' && value === '') continue;
    form.append(name === 'audience' ? 'resource' : name, value);
  }
  return form;
}

function readJsonForm(body: Buffer): URLSearchParams | null {
  const parsed = parseJsonBody(body);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null;
  const entries = Object.entries(parsed).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return new URLSearchParams(entries);
}
