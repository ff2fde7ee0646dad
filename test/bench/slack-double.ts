import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { createSockets } from './slack-sockets.ts';
import { botMessage, personMessage, TEAM, users, type Block, type Posted } from './slack-wire.ts';

/**
 * Slack as one app sees it, on loopback, at a cost that does not grow: it keeps no messages, so that turn 500 is not
 * measured together with a stand-in's history of 500 turns. The stand-in of the sandbox is the one that is strict.
 */
export interface SlackDouble {
  readonly apiUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  /** A person's message, delivered over a socket. @returns its ts, and when it was sent */
  say(user: string, text: string, threadTs?: string): { ts: string; at: number };
  /** An event that asks for nothing: another app's message was edited. @returns milliseconds to its acknowledgement */
  sendIdle(user: string): Promise<number>;
  /** A click on a button. @returns milliseconds to its acknowledgement */
  click(user: string, posted: Posted, actionId: string): Promise<number>;
  /** Milliseconds to the acknowledgement of each message said since the last call. */
  takeAcks(): number[];
  /** Told of each message the app posts or changes. @returns how to stop */
  onPost(listener: (posted: Posted) => void): () => void;
  connections(): number;
  stop(): Promise<void>;
}

export async function startSlackDouble(): Promise<SlackDouble> {
  const listeners = new Set<(posted: Posted) => void>();
  const sockets = createSockets();
  const wss = new WebSocketServer({ noServer: true });
  let acks: number[] = [];
  let clock = Date.now() * 1000;
  const nextTs = (): string => {
    clock = Math.max(clock + 1, Date.now() * 1000);
    return `${Math.floor(clock / 1e6)}.${String(clock % 1e6).padStart(6, '0')}`;
  };
  let origin = '';

  const post = (method: string, args: Record<string, string>, at: number): object => {
    const ts = args['ts'] ?? nextTs();
    const channel = args['channel'] ?? '';
    const posted: Posted = {
      method,
      channel,
      threadTs: args['thread_ts'] ?? null,
      ts,
      text: args['text'] ?? '',
      blocks: JSON.parse(args['blocks'] ?? '[]') as Block[],
      at,
    };
    for (const listener of listeners) listener(posted);
    // As Slack does, the app is told of its own message too.
    const message = botMessage({ ...posted, deleted: false });
    if (method === 'chat.postMessage') void sockets.event({ ...message, channel, channel_type: 'im' });
    return { channel, ts, message };
  };
  const answer = (method: string, args: Record<string, string>, at: number): object => {
    if (method === 'chat.postMessage' || method === 'chat.update') return post(method, args, at);
    if (method === 'apps.connections.open') return { url: `${origin.replace('http:', 'ws:')}/link` };
    if (method === 'auth.test')
      return { team: TEAM.name, team_id: TEAM.id, user_id: 'U0BOT', bot_id: 'B0BOT', user: 'bot' };
    if (method === 'users.info') return { user: users.describe(args['user'] ?? '') };
    if (method === 'usergroups.list') return { usergroups: [] };
    if (method === 'team.info') return { team: { ...TEAM, email_domain: 'acme.test' } };
    if (method === 'conversations.open') return { channel: { id: users.dmOf(args['users'] ?? '') } };
    return {};
  };
  const server = createServer((request, response) => {
    void readArgs(request).then((args) => {
      const body = answer((request.url ?? '').replace(/^\/api\/|\?.*$/g, ''), args, performance.now());
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
      response.end(JSON.stringify({ ok: true, ...body }));
    });
  });
  server.on('upgrade', (request, socket, head) =>
    wss.handleUpgrade(request, socket, head, (link) => sockets.add(link)),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    apiUrl: `${origin}/api/`,
    botToken: 'xoxb-bench',
    appToken: 'xapp-bench',
    say(user, text, threadTs) {
      const ts = nextTs();
      const at = performance.now();
      void sockets.event(personMessage({ user, text, ts, threadTs })).then((ms) => acks.push(ms));
      return { ts, at };
    },
    sendIdle(user) {
      const [ts, was] = [nextTs(), nextTs()];
      const message = botMessage({ channel: users.dmOf(user), ts: was, text: 'edited', threadTs: null });
      const event = { type: 'message', subtype: 'message_changed', hidden: true, message, ts, event_ts: ts };
      return sockets.event({ ...event, channel: users.dmOf(user), channel_type: 'im' });
    },
    click: (user, posted, actionId) => sockets.click(user, posted, actionId, nextTs()),
    takeAcks() {
      const taken = acks;
      acks = [];
      return taken;
    },
    onPost(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    connections: () => sockets.count(),
    async stop() {
      for (const link of wss.clients) link.terminate();
      wss.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function readArgs(request: IncomingMessage): Promise<Record<string, string>> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return Object.fromEntries(new URLSearchParams(text));
}
