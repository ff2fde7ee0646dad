import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer, type RawData } from 'ws';

type Json = Record<string, unknown>;

/** Stands between the app and the Slack stand-in, and says other things than Slack would: what a forger could. */
export interface Gateway {
  /** For SLACK_API_URL. */
  readonly apiUrl: string;
  /** Changes interactions and slash commands on their way to the app; null = as they are. */
  onPayload: ((payload: Json) => Json) | null;
  /** Changes what the Web API answers; null = as it is. */
  onAnswer: ((method: string, answer: Json, args: Json) => Json) | null;
  stop(): Promise<void>;
}

/** @param origin of the stand-in */
export async function startGateway(origin: string): Promise<Gateway> {
  const server = createServer((request, response) => {
    pass(request, response).catch((error: unknown) => {
      response.writeHead(502).end(error instanceof Error ? error.message : 'unknown');
    });
  });
  const sockets = new WebSocketServer({ server });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const here = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { authorization = '', 'content-type': type = '' } = request.headers;
    const there = await fetch(new URL(request.url ?? '/', origin), {
      method: request.method ?? 'POST',
      headers: { authorization, 'content-type': type },
      ...(body.length === 0 ? {} : { body }),
    });
    const method = (request.url ?? '').split('/').pop() ?? '';
    const answer = (await there.json()) as Json;
    if (typeof answer['url'] === 'string' && method === 'apps.connections.open') {
      answer['url'] = answer['url'].replace(new URL(origin).host, here);
    }
    const changed = gateway.onAnswer?.(method, answer, readArgs(type, body.toString('utf8'))) ?? answer;
    response.writeHead(there.status, { 'content-type': 'application/json' }).end(JSON.stringify(changed));
  }

  sockets.on('connection', (app, request) => {
    const slack = new WebSocket(new URL(request.url ?? '/', origin.replace('http:', 'ws:')));
    const early: RawData[] = [];
    app.on('message', (data) =>
      slack.readyState === WebSocket.OPEN ? slack.send(String(data)) : early.push(data),
    );
    slack.on('open', () => early.splice(0).forEach((data) => slack.send(String(data))));
    slack.on('message', (data) => app.send(change(String(data))));
    slack.on('ping', (data) => app.ping(data));
    slack.on('close', () => app.close());
    app.on('close', () => slack.close());
    slack.on('error', () => app.terminate());
    app.on('error', () => slack.terminate());
  });

  function change(text: string): string {
    const envelope = JSON.parse(text) as { type: string; payload: Json };
    if (gateway.onPayload === null || !['interactive', 'slash_commands'].includes(envelope.type)) return text;
    return JSON.stringify({ ...envelope, payload: gateway.onPayload(structuredClone(envelope.payload)) });
  }

  const gateway: Gateway = {
    apiUrl: `http://${here}/api/`,
    onPayload: null,
    onAnswer: null,
    async stop() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return gateway;
}

function readArgs(type: string, body: string): Json {
  if (type.includes('json')) return body === '' ? {} : (JSON.parse(body) as Json);
  return Object.fromEntries(new URLSearchParams(body));
}
