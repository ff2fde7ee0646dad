import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from './body.ts';
import { Refusal, type Incoming, type Reply } from './exchange.ts';
import type { Fault, FaultQueue } from './faults.ts';
import type { RequestLog } from './request-log.ts';
import type { Router } from './router.ts';

export interface StandInServer {
  /** Listens on 127.0.0.1. */
  start(): Promise<{ origin: string }>;
  /** Closes the listener and every open connection. */
  stop(): Promise<void>;
}

interface ServerOptions {
  readonly port: number;
  readonly now: () => Date;
  readonly router: Router;
  readonly faults: FaultQueue;
  readonly log: RequestLog;
  /** The provider's answer for a path it does not know. */
  readonly notFound: (request: Incoming) => Reply;
  /** The provider's usual body for an injected status. */
  readonly failure: (status: number, request: Incoming) => Reply;
  /** Wraps every request that no fault answered: the provider's checks and headers. */
  readonly around?: (request: Incoming, next: () => Promise<Reply>) => Promise<Reply>;
}

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

export function createStandInServer(options: ServerOptions): StandInServer {
  let origin = '';
  const server = createServer((message, response) => {
    answer(options, origin, message, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  return {
    async start() {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(options.port, '127.0.0.1', () => {
          server.off('error', reject);
          resolve();
        });
      });
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      return { origin };
    },
    async stop() {
      if (!server.listening) return;
      const closed = new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
      });
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  options: ServerOptions,
  origin: string,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const method = message.method ?? 'GET';
  const url = new URL((message.url ?? '/').replace(/^\/+/, '/'), origin);
  const body = await readBody(message);
  const found = options.router.match(method, url.pathname);
  const request: Incoming = {
    method,
    path: url.pathname,
    params: found?.params ?? {},
    query: url.searchParams,
    headers: message.headers,
    body: body ?? Buffer.alloc(0),
    origin,
  };
  const run = async (): Promise<Reply> => {
    // A page elsewhere that points its own name at loopback must not reach the stand-in.
    if (!LOOPBACK.test(message.headers.host ?? '')) return { status: 421, headers: {}, body: '' };
    if (body === null) return options.failure(413, request);
    const next = async (): Promise<Reply> =>
      found ? await found.handler(request) : options.notFound(request);
    const around = options.around ?? ((_, inner) => inner());
    return around(request, () => next().catch(toReply)).catch(toReply);
  };
  const fault = options.faults.take(method, url.pathname);
  const reply = fault ? await answerFault(options, fault, request, run) : await run();
  const status = reply?.status ?? 0;
  options.log.add({ method, path: url.pathname, status, at: options.now().toISOString() });
  if (!reply) {
    message.socket.destroy();
    return;
  }
  response.writeHead(reply.status, { ...reply.headers, 'content-length': Buffer.byteLength(reply.body) });
  response.end(method === 'HEAD' ? undefined : reply.body);
}

/** Null means: destroy the socket. */
async function answerFault(
  options: ServerOptions,
  fault: Fault,
  request: Incoming,
  run: () => Promise<Reply>,
): Promise<Reply | null> {
  if (fault.dropAnswer) {
    await run();
    return null;
  }
  const usual = options.failure(fault.status ?? 500, request);
  const headers: Record<string, string> = { ...usual.headers };
  if (fault.retryAfter !== undefined) headers['retry-after'] = String(fault.retryAfter);
  if (fault.body === undefined) return { ...usual, headers };
  if (typeof fault.body !== 'string') return { ...usual, headers, body: JSON.stringify(fault.body) };
  return { ...usual, headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' }, body: fault.body };
}

function toReply(error: unknown): Reply {
  if (error instanceof Refusal) return error.reply;
  throw error;
}
