import { createHmac } from 'node:crypto';
import { postJson } from '../post.ts';
import { formatEvent } from './format.ts';
import type { Sink, StreamFormat } from './sink.ts';

export interface WebhookOptions {
  /** https, or on this machine. It is a secret: it may hold a token. */
  readonly url: string;
  /** What signs: 24 to 64 bytes. */
  readonly secret: Buffer;
  readonly format: StreamFormat;
  readonly now: () => Date;
}

/**
 * Events as signed POSTs, by the Standard Webhooks specification, which receivers have libraries for:
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function createWebhookSink({ url, secret, format, now }: WebhookOptions): Sink {
  return {
    name: 'webhook',
    send({ workspaceId, origin, from, to, events }) {
      const body = JSON.stringify({
        type: 'audit.events',
        log: origin,
        workspace: workspaceId,
        from,
        to,
        events: events.map((event) => formatEvent(event, origin, format)),
      });
      // The same events have the same id, so that who got them twice can tell.
      const id = `${origin.split('/').at(-1)}_${from}_${to}`;
      return postJson(url, body, signWebhook(secret, id, now(), body));
    },
  };
}

/** The headers that prove a body: HMAC-SHA256 over id, time (Unix seconds) and body, with dots between. */
export function signWebhook(secret: Buffer, id: string, at: Date, body: string): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}
