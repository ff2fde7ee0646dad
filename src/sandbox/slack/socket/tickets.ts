import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Links } from './links.ts';

export interface Tickets {
  /** @returns the path of a new link, good for one connection */
  issue(): string;
  /** Handles an HTTP upgrade: a known ticket is used up and connected, any other is refused. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

/** Socket Mode addresses are single use: `apps.connections.open` gives a ticket, connecting burns it. */
export function createTickets(links: Links): Tickets {
  const open = new Set<string>();
  let closing = false;
  const server = new WebSocketServer({ noServer: true });
  return {
    issue: () => {
      const ticket = randomBytes(16).toString('hex');
      open.add(ticket);
      return `/link/${ticket}`;
    },
    upgrade: (request, socket, head) => {
      const [path = ''] = (request.url ?? '').split('?');
      // A link that opened while the others are closed would keep the server from ending.
      if (closing || !path.startsWith('/link/') || !open.delete(path.slice('/link/'.length))) {
        socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, (client) => links.add(client));
    },
    close: async () => {
      closing = true;
      const clients = [...server.clients];
      await Promise.all(clients.map(leave));
      server.close();
    },
  };
}

const GOODBYE_MS = 500;

/** Closes a connection politely; one that does not answer is cut. */
function leave(client: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => client.terminate(), GOODBYE_MS);
    client.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    client.close(1001);
  });
}
