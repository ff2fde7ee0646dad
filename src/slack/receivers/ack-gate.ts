import type { App, ReceiverEvent } from '@slack/bolt';
import type { Telemetry } from '../../telemetry-types.ts';
import { createSequencer, type Place } from './in-order.ts';

/** Events that only ask for something to be shown: nothing is lost with them, so nothing waits for them. */
const SHOWN_ONLY = new Set<unknown>(['app_home_opened']);

/**
 * Stands between the receivers and the app. An event is acknowledged only after its listeners have written it down,
 * so that a crash in between makes Slack send it again; by itself Bolt acknowledges events before it calls any
 * listener. The events of one thread are written down in the order they happened. Whatever no listener
 * acknowledged is acknowledged at the end.
 */
export function gateAcks(app: App, telemetry: Telemetry): App {
  const inOrder = createSequencer();
  const processEvent = (delivered: ReceiverEvent): Promise<void> => {
    const event = timeAck(delivered, telemetry);
    const { body } = event;
    if (body['type'] !== 'event_callback') return passOther(app, event);
    const { type } = (body['event'] ?? {}) as { type?: unknown };
    if (SHOWN_ONLY.has(type)) return app.processEvent(event);
    return inOrder(placeOf(body), () => passEvent(app, event));
  };
  // Receivers call nothing else of the app.
  return { processEvent } as unknown as App;
}

/** Measures from here, where it was just received, to its first acknowledgement. */
function timeAck(event: ReceiverEvent, telemetry: Telemetry): ReceiverEvent {
  const { body } = event;
  const delivery =
    body['type'] === 'event_callback' ? 'event' : 'command' in body ? 'command' : 'interaction';
  const started = performance.now();
  let acked = false;
  return {
    ...event,
    async ack(response) {
      await event.ack(response);
      if (!acked) telemetry.observeSlackAck(delivery, (performance.now() - started) / 1000);
      acked = true;
    },
  };
}

async function passEvent(app: App, event: ReceiverEvent): Promise<void> {
  await app.processEvent({ ...event, ack: () => Promise.resolve() });
  await event.ack();
}

async function passOther(app: App, event: ReceiverEvent): Promise<void> {
  let acked = false;
  const ack: ReceiverEvent['ack'] = async (response) => {
    acked = true;
    await event.ack(response);
  };
  await app.processEvent({ ...event, ack });
  if (!acked) await event.ack();
}

/**
 * Which events belong together, and when this one happened. A thread belongs together: a message outside of one is the
 * root of its own, and whatever else is said or stopped in it comes after.
 */
function placeOf(body: ReceiverEvent['body']): Place {
  const event = (body['event'] ?? {}) as Partial<
    Record<'channel' | 'thread_ts' | 'ts' | 'event_ts', unknown>
  >;
  const at = Number(event.ts ?? event.event_ts ?? body['event_time']);
  return {
    key: JSON.stringify([body['team_id'], event.channel, event.thread_ts ?? event.ts]),
    at: Number.isFinite(at) ? at : 0,
    begins: event.thread_ts === undefined || event.thread_ts === event.ts,
  };
}
