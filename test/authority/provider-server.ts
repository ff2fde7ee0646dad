import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UnsecuredJWT } from 'jose';

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly form: URLSearchParams;
  readonly authorization: string | undefined;
}

type Answer = { status?: number; headers?: Record<string, string>; body?: unknown };

const notFound = (): Answer => ({ status: 404, body: {} });

const random = (prefix: string): string => prefix + randomBytes(24).toString('hex');

/**
 * A provider small enough to see through: Google's endpoints at the root, GitHub's under `/login` and `/api`. A
 * test overrides a path's answer to make it misbehave.
 */
export async function startProviderServer() {
  const seen: Seen[] = [];
  const overrides = new Map<string, (request: Seen) => Answer>();
  const issued: string[] = [];
  const issue = (prefix: string): string => {
    const token = random(prefix);
    issued.push(token);
    return token;
  };

  const routes: Record<string, (request: Seen) => Answer> = {
    'POST /token': ({ form }) => ({
      body: {
        access_token: issue('ya29.'),
        expires_in: 3599,
        token_type: 'Bearer',
        scope: form.get('scope') ?? 'openid email https://www.googleapis.com/auth/gmail.readonly',
        ...(form.get('grant_type') === 'authorization_code' && {
          refresh_token: issue('1//'),
          id_token: new UnsecuredJWT({ email: 'ben@acme.test', email_verified: true })
            .setSubject('1100')
            .setAudience('google-id')
            .setIssuer('https://accounts.google.com')
            .encode(),
        }),
      },
    }),
    'POST /revoke': () => ({ body: {} }),
    'POST /login/oauth/access_token': () => ({
      body: { access_token: issue('gho_'), token_type: 'bearer', scope: 'repo,user:email' },
    }),
    'GET /api/user': () => ({ body: { id: 77, login: 'ben-acme' } }),
    'GET /api/user/emails': () => ({
      body: [
        { email: 'other@acme.test', primary: false, verified: true },
        { email: 'ben@acme.test', primary: true, verified: true },
      ],
    }),
    'DELETE /api/applications/github-id/grant': () => ({ status: 204 }),
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = (request.url ?? '').split('?')[0] ?? '';
      const { authorization } = request.headers;
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      const asked: Seen = { method: request.method ?? '', path, form, authorization };
      seen.push(asked);
      const route = `${asked.method} ${path}`;
      const answer = (overrides.get(route) ?? routes[route] ?? notFound)(asked);
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
      response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Requests so far. */
    seen,
    /** Every token given out: none may show up where it does not belong. */
    issued,
    issue,
    answer: (route: string, reply: (request: Seen) => Answer) => overrides.set(route, reply),
    reset: () => {
      overrides.clear();
      seen.length = 0;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
