import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a write is answered instead of the provider's own words. */
export interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly body?: string;
  /** Seconds. */
  readonly retryAfter?: number;
  /** The connection ends: before the answer, or in the middle of its body. */
  readonly breaks?: 'before' | 'within';
  /** The provider got the request and carried it out, whatever is answered. */
  readonly carriedOut: boolean;
}

export interface Answering {
  readonly origin: string;
  /** The next write is answered so, and the ones after it, until it is null. */
  answer: Answer | null;
  stop(): Promise<void>;
}

/**
 * Stands between desk and provider, and answers the write an action is about in the provider's stead.
 * @param isWrite which requests that is
 */
export async function startAnswering(
  target: string,
  isWrite: (method: string, path: string) => boolean,
): Promise<Answering> {
  const self: { answer: Answer | null } = { answer: null };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = 'GET', url = '/' } = request;
    const told = isWrite(method, url.split('?')[0] ?? '') ? self.answer : null;
    if (told === null || told.carriedOut) {
      const passed = await pass(request, `${target}${url}`, Buffer.concat(chunks));
      const body = Buffer.from(await passed.arrayBuffer());
      if (told === null) {
        const type = passed.headers.get('content-type');
        response.writeHead(passed.status, type === null ? {} : { 'content-type': type });
        response.end(body);
        return;
      }
      if (!passed.ok) throw new Error(`the provider itself refused: ${passed.status}`);
    }
    say(request, response, told);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(self, {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

function say(request: IncomingMessage, response: ServerResponse, told: Answer): void {
  const { status, type = 'application/json', body = '{"message":"no"}', breaks } = told;
  if (breaks === 'before') {
    request.socket.destroy();
    return;
  }
  const empty = status === 204 || status === 304;
  const length = breaks === 'within' ? { 'content-length': String(body.length + 100) } : {};
  const location = status >= 300 && status < 400 ? { location: 'http://127.0.0.1:1/elsewhere' } : {};
  const later = told.retryAfter === undefined ? {} : { 'retry-after': String(told.retryAfter) };
  response.writeHead(status, {
    ...location,
    ...later,
    ...(empty ? {} : { 'content-type': type, ...length }),
  });
  if (breaks === undefined) response.end(empty ? undefined : body);
  else response.write(body, () => request.socket.destroy());
}

function pass(request: IncomingMessage, url: string, body: Buffer): Promise<Response> {
  const headers = new Headers();
  for (const name of ['authorization', 'content-type', 'if-match', 'accept']) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  return fetch(url, { method: request.method ?? 'GET', headers, body: body.length === 0 ? null : body });
}
