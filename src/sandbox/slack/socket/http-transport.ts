import { createHmac } from 'node:crypto';
import type { Parcel, Receipt, Transport } from '../delivery.ts';

/**
 * The HTTP way instead of Socket Mode: every parcel is a POST signed with the signing secret, version v0
 * (docs.slack.dev/authentication/verifying-requests-from-slack).
 */
export function createHttpTransport(options: {
  readonly url: string;
  readonly signingSecret: string;
  readonly now: () => Date;
  readonly ackMs: number;
}): Transport {
  return {
    isOpen: () => true,
    onOpen: () => undefined,
    send: async (parcel): Promise<Receipt> => {
      const { type, body } = encode(parcel);
      const at = String(Math.floor(options.now().getTime() / 1000));
      const signature = createHmac('sha256', options.signingSecret).update(`v0:${at}:${body}`).digest('hex');
      const headers: Record<string, string> = {
        'content-type': type,
        'x-slack-request-timestamp': at,
        'x-slack-signature': `v0=${signature}`,
      };
      if (parcel.retry !== undefined) {
        headers['x-slack-retry-num'] = String(parcel.retry.attempt);
        headers['x-slack-retry-reason'] = 'http_timeout';
      }
      try {
        const signal = AbortSignal.timeout(options.ackMs);
        const answer = await fetch(options.url, { method: 'POST', headers, body, signal, redirect: 'error' });
        const text = await answer.text();
        return answer.ok ? { status: 'acked', payload: decode(text) } : { status: 'timeout' };
      } catch (error) {
        // fetch fails with a TypeError when nothing listens, and with a DOMException when time is up
        if (error instanceof TypeError || error instanceof DOMException) return { status: 'timeout' };
        throw error;
      }
    },
  };
}

function encode(parcel: Parcel): { type: string; body: string } {
  if (parcel.kind === 'events_api') return { type: 'application/json', body: JSON.stringify(parcel.payload) };
  const form =
    parcel.kind === 'interactive'
      ? new URLSearchParams({ payload: JSON.stringify(parcel.payload) })
      : new URLSearchParams(
          Object.entries(parcel.payload).map(([name, value]): [string, string] => [name, String(value)]),
        );
  return { type: 'application/x-www-form-urlencoded', body: form.toString() };
}

/** An answer is JSON, plain text (a slash command's reply) or nothing. */
function decode(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return text === '' ? {} : { text };
  return JSON.parse(text) as unknown;
}
