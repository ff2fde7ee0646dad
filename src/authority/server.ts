import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Provider } from 'oidc-provider';
import { takeClick } from './clicks.ts';
import type { Context } from './context.ts';
import { describeFault } from './fault.ts';
import { answerMyAccount } from './my-account.ts';
import { parseJsonBody, readBody } from './read-body.ts';
import { rebuildRequest } from './rebuild-request.ts';
import type { Reply } from './reply.ts';

/** The provider's routes that exist for the desk; the others it has (browser flows) are not reachable. */
const OIDC_ROUTES = new Set([
  'GET /.well-known/openid-configuration',
  'GET /.well-known/jwks.json',
  'POST /bc-authorize',
  'POST /oauth/token',
]);

const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;

interface Listener {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Lets running requests end, but not for longer than two seconds. */
  close(): Promise<void>;
}

/** Listens on 127.0.0.1, and answers only requests that name it: a web page cannot reach it by another name. */
export async function listen(context: Context, provider: Provider, port: number): Promise<Listener> {
  const oidc = provider.callback();
  const server = createServer((request, response) => {
    const started = performance.now();
    const route = `${request.method ?? ''} ${(request.url ?? '').split('?')[0]}`;
    response.on('finish', () => {
      // Only routes we know: another path, or the end of one, may hold anything.
      const known = OIDC_ROUTES.has(route) || route === 'POST /clicks';
      const path = known
        ? route
        : (/^\w+ \/me\/v1\/connected-accounts\/[a-z]+/.exec(route)?.[0] ?? 'unknown');
      const ms = Math.round(performance.now() - started);
      context.log.debug({ route: path, status: response.statusCode, ms }, 'authority answered');
    });
    answer(route, request, response).catch((error: unknown) => {
      context.log.error({ error: describeFault(error) }, 'authority failed');
      if (!response.headersSent) send(response, { status: 500, body: { error: 'server_error' } });
    });
  });
  server.requestTimeout = 30_000;

  async function answer(route: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!LOOPBACK_HOST.test(request.headers.host ?? '')) {
      send(response, { status: 421, body: { error: 'misdirected_request' } });
      return;
    }
    const body = await readBody(request);
    if (body === null) {
      // The rest of the body was not read, so the connection cannot be used again.
      response.setHeader('connection', 'close');
      send(response, {
        status: 413,
        body: { error: 'invalid_request', error_description: 'body too large' },
      });
      return;
    }
    if (OIDC_ROUTES.has(route)) {
      const rebuilt = rebuildRequest(request, context.issuer, body);
      if (rebuilt === null) send(response, { status: 400, body: { error: 'invalid_request' } });
      else await oidc(rebuilt, response);
      return;
    }
    send(response, await answerOwn(route, request, body));
  }

  function answerOwn(route: string, request: IncomingMessage, body: Buffer): Promise<Reply> | Reply {
    if (route === 'POST /clicks') return takeClick(context, provider, parseJsonBody(body));
    if (/^\w+ \/me\//.test(route)) {
      return answerMyAccount(context, {
        method: request.method ?? '',
        url: new URL(request.url ?? '/', context.issuer),
        authorization: request.headers.authorization,
        body: parseJsonBody(body),
      });
    }
    return { status: 404, body: { error: 'not_found' } };
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}`,
    async close() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      server.closeIdleConnections();
      const deadline = setTimeout(() => {
        server.closeAllConnections();
      }, 2000);
      await closed;
      clearTimeout(deadline);
    },
  };
}

function send(response: ServerResponse, { status, body, type = 'application/json' }: Reply): void {
  response.statusCode = status;
  response.setHeader('cache-control', 'no-store');
  if (body === undefined) {
    response.end();
    return;
  }
  response.setHeader('content-type', type);
  response.end(JSON.stringify(body));
}
