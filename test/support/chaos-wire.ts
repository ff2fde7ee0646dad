import { Agent, createServer, request as send, type IncomingHttpHeaders, type Server } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitIf, type Traffic, type Whom } from './chaos-traffic.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Wire {
  readonly origin: string;
  readonly server: Server;
  stop(): Promise<void>;
}

/**
 * A wire between one process and one far side, on which requests are lost, delayed or refused as the traffic says.
 * @param options.name what a request is called, from its method and path
 * @param options.rewrite changes an answer's text, for addresses in it
 */
export async function createWire(options: {
  readonly target: string;
  /** Who sends requests of a kind through it. */
  readonly sender: (what: string) => Whom;
  readonly traffic: Traffic;
  readonly name: (method: string, path: string) => string;
  readonly rewrite?: (path: string, text: string, origin: string) => string;
}): Promise<Wire> {
  const { traffic } = options;
  const agent = new Agent({ keepAlive: true });
  let origin = '';
  const forward = (request: IncomingMessage, body: Buffer): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const { host, origin: there } = new URL(options.target);
      // A form sent from the page itself stays one.
      const from = request.headers.origin === origin ? { origin: there } : {};
      const onward = send(
        `${options.target}${request.url ?? '/'}`,
        { method: request.method ?? 'GET', headers: { ...request.headers, host, ...from }, agent },
        (response) => {
          readAll(response).then(
            (bytes) =>
              resolve({ status: response.statusCode ?? 502, headers: response.headers, body: bytes }),
            reject,
          );
        },
      );
      onward.on('error', reject);
      onward.end(body);
    });

  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const what = options.name(request.method ?? 'GET', path);
    const process = options.sender(what);
    const body = await readAll(request);
    const before = traffic.cross({ what, phase: 'before', process });
    await waitIf(before);
    const lateMs = before?.do === 'late' ? before.ms : before?.do === 'kill' ? before.lateMs : undefined;
    if (lateMs !== undefined) setTimeout(() => void forward(request, body).catch(ignoreLate), lateMs);
    if (before?.do === 'kill' || before?.do === 'cut' || before?.do === 'late')
      return void request.socket.destroy();
    if (before?.do === 'status') return refuse(response, before.status, before.retryAfter);
    const answer = await forward(request, body);
    const acted = traffic.cross({ what, phase: 'acted', process });
    await waitIf(acted);
    if (acted?.do === 'kill' || acted?.do === 'cut' || acted?.do === 'late')
      return void request.socket.destroy();
    if (acted?.do === 'status') return refuse(response, acted.status, acted.retryAfter);
    const text = options.rewrite?.(path, answer.body.toString('utf8'), origin);
    const content = text === undefined ? answer.body : Buffer.from(text);
    const { 'transfer-encoding': _, connection: __, 'keep-alive': ___, ...headers } = answer.headers;
    response.writeHead(answer.status, { ...headers, 'content-length': content.length });
    response.end(content, () => setTimeout(() => traffic.cross({ what, phase: 'answered', process }), 2));
  };
  const server = createServer((request, response) => {
    pass(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    server,
    async stop() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What is delivered late may find nobody; its effect, or that there is none, is counted at the far side. */
function ignoreLate(error: unknown): void {
  if (!(error instanceof Error)) throw new Error(String(error));
}

function refuse(response: ServerResponse, status: number, retryAfter: number | undefined): void {
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ ok: false, error: { code: status, message: 'injected' } }));
}

async function readAll(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
