import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to one request on its way: called before it is passed on; `false` = the connection breaks instead. */
export type OnTheWay = (method: string, path: string) => Promise<boolean>;

export interface Network {
  readonly origin: string;
  onTheWay: OnTheWay;
  /** Passes on, late, a request whose connection broke: the client gave up, the provider did not. */
  deliverLost(): Promise<void>;
  stop(): Promise<void>;
}

/** A network between desk and provider in which things can be slow, lost, or arrive after all. */
export async function createNetwork(target: string): Promise<Network> {
  const lost: (() => Promise<unknown>)[] = [];
  const network = { onTheWay: (): Promise<boolean> => Promise.resolve(true) } as { onTheWay: OnTheWay };
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = 'GET', url = '/' } = request;
    const send = (): Promise<Response> => {
      const headers = new Headers();
      for (const name of ['authorization', 'content-type', 'if-match', 'accept']) {
        const value = request.headers[name];
        if (typeof value === 'string') headers.set(name, value);
      }
      return fetch(`${target}${url}`, {
        method,
        headers,
        body: chunks.length === 0 ? null : Buffer.concat(chunks),
      });
    };
    if (!(await network.onTheWay(method, url.split('?')[0] ?? ''))) {
      lost.push(send);
      request.socket.destroy();
      return;
    }
    const answer = await send();
    const type = answer.headers.get('content-type');
    response.writeHead(answer.status, type === null ? {} : { 'content-type': type });
    response.end(Buffer.from(await answer.arrayBuffer()));
  };
  const server = createServer((request, response) => {
    pass(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(network, {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async deliverLost() {
      for (const send of lost.splice(0)) await send();
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
