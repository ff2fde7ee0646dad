import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { Parcel, Receipt, Transport } from '../delivery.ts';
import { APP } from '../seed.ts';
import { readAck } from './ack.ts';

interface Waiting {
  readonly socket: WebSocket;
  settle(receipt: Receipt): void;
}

export interface Links extends Transport {
  /** Takes a connected socket in: greets it and gives it its share of the parcels. */
  add(socket: WebSocket): void;
  count(): number;
  /** Asks all to reconnect, or cuts them. */
  disconnect(abrupt: boolean): void;
}

/** Most connections of one app (docs.slack.dev/apis/events-api/using-socket-mode). */
export const MOST_LINKS = 10;

/** Interactions whose acknowledgement may carry a payload. */
function acceptsPayload(parcel: Parcel): boolean {
  if (parcel.kind === 'events_api') return false;
  if (parcel.kind === 'slash_commands') return true;
  return ['view_submission', 'block_suggestion'].includes(String(parcel.payload['type']));
}

/** Socket Mode connections; each parcel goes to one of them, in turn. `ackMs`: how long an ack may take. */
export function createLinks(ackMs: number): Links {
  const sockets: WebSocket[] = [];
  const waiting = new Map<string, Waiting>();
  const openers: (() => void)[] = [];
  let turn = 0;

  function remove(socket: WebSocket): void {
    const index = sockets.indexOf(socket);
    if (index >= 0) sockets.splice(index, 1);
    for (const entry of [...waiting.values()])
      if (entry.socket === socket) entry.settle({ status: 'closed' });
  }
  function settle(id: string, receipt: Receipt): void {
    waiting.get(id)?.settle(receipt);
  }
  return {
    count: () => sockets.length,
    isOpen: () => sockets.length > 0,
    onOpen: (listener) => void openers.push(listener),
    disconnect: (abrupt) => {
      for (const socket of [...sockets]) {
        remove(socket);
        if (abrupt) socket.terminate();
        else socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested', debug_info: {} }));
      }
    },
    add: (socket) => {
      socket.on('message', (data: Buffer) => {
        const ack = readAck(data.toString('utf8'));
        if (ack !== null) settle(ack.envelopeId, { status: 'acked', payload: ack.payload });
      });
      socket.on('close', () => remove(socket));
      socket.on('error', () => remove(socket));
      sockets.push(socket);
      const hello = {
        type: 'hello',
        num_connections: sockets.length,
        debug_info: { host: 'sandbox', build_number: 1, approximate_connection_time: 18060 },
        connection_info: { app_id: APP.id },
      };
      socket.send(JSON.stringify(hello), () => {
        for (const listener of openers) listener();
      });
    },
    send: (parcel) => {
      const socket = sockets[turn++ % Math.max(sockets.length, 1)];
      if (socket === undefined) return Promise.resolve({ status: 'closed' });
      const id = randomUUID();
      const envelope = {
        envelope_id: id,
        type: parcel.kind,
        accepts_response_payload: acceptsPayload(parcel),
        payload: parcel.payload,
        ...(parcel.kind === 'events_api'
          ? { retry_attempt: parcel.retry?.attempt ?? 0, retry_reason: parcel.retry?.reason ?? '' }
          : {}),
      };
      return new Promise<Receipt>((resolve) => {
        const timer = setTimeout(() => settle(id, { status: 'timeout' }), ackMs);
        waiting.set(id, {
          socket,
          settle: (receipt) => {
            clearTimeout(timer);
            waiting.delete(id);
            resolve(receipt);
          },
        });
        socket.send(JSON.stringify(envelope));
      });
    },
  };
}
