import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Workspace } from '../workspace.ts';
import type { Api } from './api.ts';
import { authorize, type Page } from './authorize.ts';
import type { Codes } from './codes.ts';
import { discovery } from './discovery.ts';
import { readBody, readValues } from './request.ts';
import { handleRespond } from './respond.ts';
import type { Signing } from './signing.ts';

interface Parts {
  readonly workspace: Workspace;
  readonly api: Api;
  readonly codes: Codes;
  readonly signing: Signing;
  receiveFile(path: string, content: Buffer): { status: number; text: string };
  /** An unexpected failure; the caller is answered with status 500. */
  onError(error: unknown): void;
}

/** Names this machine is addressed by; any other Host header is a page trying to reach us by DNS rebinding. */
function isOwnHost(request: IncomingMessage, port: string): boolean {
  const host = request.headers.host ?? '';
  return [`127.0.0.1:${port}`, `localhost:${port}`].includes(host);
}

/** A form sent from another site carries that site's Origin. */
function isOwnForm(request: IncomingMessage, port: string): boolean {
  const origin = request.headers.origin;
  return origin === undefined || [`http://127.0.0.1:${port}`, `http://localhost:${port}`].includes(origin);
}

/** The HTTP face of the stand-in. */
export function createWebServer(parts: Parts): Server {
  const { workspace } = parts;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const origin = workspace.origin();
    const { port } = new URL(origin);
    const url = new URL(request.url ?? '/', origin);
    const path = url.pathname;
    if (!isOwnHost(request, port))
      return send(response, 421, 'text/plain', 'Use the address the sandbox printed.');
    const body = await readBody(request);
    const type = request.headers['content-type'] ?? '';
    if (path.startsWith('/api/')) return parts.api(path.slice('/api/'.length), request, url, body, response);
    if (path.startsWith('/respond/') && request.method === 'POST') {
      const result = handleRespond(workspace, path, readValues(url, type, body));
      return send(response, result.status, 'application/json', result.body);
    }
    if (path.startsWith('/upload/') && request.method === 'POST') {
      const result = parts.receiveFile(path, body);
      return send(response, result.status, 'text/plain', result.text);
    }
    if (path === '/.well-known/openid-configuration') return sendJson(response, discovery(origin));
    if (path === '/openid/connect/keys') return sendJson(response, await parts.signing.keys());
    if (path === '/openid/connect/authorize' || path === '/oauth/v2/authorize') {
      if (!isOwnForm(request, port))
        return send(response, 403, 'text/plain', 'The form must come from this page.');
      return sendPage(
        response,
        authorize({
          kind: path.startsWith('/openid') ? 'sign-in' : 'install',
          query: url.searchParams,
          form: request.method === 'POST' ? new URLSearchParams(body.toString('utf8')) : null,
          users: workspace.store.data.users,
          clientId: workspace.store.data.credentials.clientId,
          codes: parts.codes,
        }),
      );
    }
    send(response, 404, 'text/plain', 'There is nothing here.');
  }
  return createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!(error instanceof RangeError)) parts.onError(error);
      if (!response.headersSent) response.writeHead(error instanceof RangeError ? 413 : 500);
      response.end();
    });
  });
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type });
  response.end(body);
}

function sendJson(response: ServerResponse, body: unknown): void {
  send(response, 200, 'application/json', JSON.stringify(body));
}

function sendPage(response: ServerResponse, page: Page): void {
  const { status, html = '', location } = page;
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'x-frame-options': 'DENY',
    ...(location === undefined ? {} : { location }),
  });
  response.end(html);
}
