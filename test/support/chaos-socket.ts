import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket, WebSocketServer } from 'ws';
import type { Traffic } from './chaos-traffic.ts';

interface Envelope {
  readonly envelope_id?: string;
  readonly type?: string;
}

const KINDS: Readonly<Record<string, string>> = {
  events_api: 'slack.event',
  interactive: 'slack.click',
  slash_commands: 'slack.command',
};

/**
 * Lets Socket Mode connections pass through a wire's server. An envelope crosses `before` it is delivered, `acted`
 * when its acknowledgement comes and before that is passed on, `answered` after.
 * @param target the stand-in's origin, ws:// at the same port
 */
export function passSockets(server: Server, target: string, process: number, traffic: Traffic): () => void {
  const doors = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    doors.handleUpgrade(request, socket, head, (near) => {
      const far = new WebSocket(`${target.replace('http', 'ws')}${request.url ?? ''}`);
      link(near, far, process, traffic);
    });
  });
  return () => {
    for (const client of doors.clients) client.terminate();
    doors.close();
  };
}

function link(near: WebSocket, far: WebSocket, process: number, traffic: Traffic): void {
  const open = new Map<string, { what: string; text: string }>();
  const cut = (): void => {
    near.terminate();
    far.terminate();
  };
  const tell = (to: WebSocket, text: string): void => {
    if (to.readyState === WebSocket.OPEN) to.send(text);
  };
  const repeat = async (text: string, ms: number): Promise<void> => {
    await sleep(ms);
    const again = { ...(JSON.parse(text) as Envelope), envelope_id: randomUUID(), retry_attempt: 1 };
    tell(near, JSON.stringify(again));
  };
  const deliver = async (text: string): Promise<void> => {
    const envelope = JSON.parse(text) as Envelope;
    const what = KINDS[envelope.type ?? ''];
    if (what === undefined || envelope.envelope_id === undefined) return tell(near, text);
    const action = traffic.cross({ what, phase: 'before', process });
    if (action?.do === 'kill' || action?.do === 'cut') return cut();
    if (action?.do === 'wait') await sleep(action.ms);
    open.set(envelope.envelope_id, { what, text });
    tell(near, text);
    if (action?.do === 'again') await repeat(text, action.ms);
  };
  const acknowledge = async (text: string): Promise<void> => {
    const id = (JSON.parse(text) as Envelope).envelope_id;
    const envelope = id === undefined ? undefined : open.get(id);
    if (envelope === undefined || id === undefined) return tell(far, text);
    open.delete(id);
    const { what } = envelope;
    const acted = traffic.cross({ what, phase: 'acted', process });
    if (acted?.do === 'kill' || acted?.do === 'cut') return cut();
    tell(far, text);
    const after = traffic.cross({ what, phase: 'answered', process });
    if (after?.do === 'again') await repeat(envelope.text, after.ms);
  };
  const fail = (error: unknown): void => {
    near.emit('error', error instanceof Error ? error : new Error(String(error)));
  };
  far.on('message', (data: Buffer) => void deliver(data.toString('utf8')).catch(fail));
  near.on('message', (data: Buffer) => void acknowledge(data.toString('utf8')).catch(fail));
  // A greeting of the program would come before the far side is open; Socket Mode clients say nothing first.
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const) {
    one.on('error', cut);
    one.on('close', () => other.close());
  }
}
