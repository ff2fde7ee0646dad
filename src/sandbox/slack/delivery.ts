import type { Json } from './world.ts';

/** One thing Slack sends to the app. */
export interface Parcel {
  readonly kind: 'events_api' | 'interactive' | 'slash_commands';
  readonly payload: Json;
  readonly retry?: { readonly attempt: number; readonly reason: string };
}

/** What became of a parcel; `payload` is what the app's acknowledgement carried. */
export type Receipt =
  | { readonly status: 'acked'; readonly payload: unknown }
  | { readonly status: 'timeout' }
  | { readonly status: 'closed' };

/** How parcels travel: Socket Mode links, or signed HTTP requests. */
export interface Transport {
  isOpen(): boolean;
  send(parcel: Parcel): Promise<Receipt>;
  /** Called whenever a way to the app opens. */
  onOpen(listener: () => void): void;
}

export interface Delivery {
  /** Delivers an event, again up to three times until it is acknowledged. */
  event(payload: Json, retry?: Parcel['retry']): void;
  /** Delivers an interaction once. */
  ask(kind: 'interactive' | 'slash_commands', payload: Json): Promise<Receipt>;
}

const RETRIES = 3;

/**
 * Events that find no connection wait and are delivered when one opens. Real Slack may lose them: it promises
 * nothing for the time in which no socket is connected. The retry schedule over Socket Mode is documented
 * nowhere either; here a retry follows at once, with `retry_attempt` 1 to 3 and reason `timeout`.
 */
export function createDelivery(transport: Transport, onLost: (payload: Json) => void): Delivery {
  const waiting: Parcel[] = [];

  async function run(parcel: Parcel): Promise<void> {
    if (!transport.isOpen()) {
      waiting.push(parcel);
      return;
    }
    const receipt = await transport.send(parcel);
    if (receipt.status === 'acked') return;
    const attempt = (parcel.retry?.attempt ?? 0) + 1;
    if (attempt > RETRIES) return onLost(parcel.payload);
    await run({ ...parcel, retry: { attempt, reason: 'timeout' } });
  }
  transport.onOpen(() => {
    for (const parcel of waiting.splice(0)) void run(parcel);
  });
  return {
    event: (payload, retry) => void run({ kind: 'events_api', payload, ...(retry ? { retry } : {}) }),
    ask: async (kind, payload) =>
      transport.isOpen() ? transport.send({ kind, payload }) : { status: 'closed' },
  };
}
