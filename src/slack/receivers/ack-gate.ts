import type { App, ReceiverEvent } from '@slack/bolt';

/**
 * Stands between a receiver and the app: an event is acknowledged only after its listeners have written it down,
 * so that a crash in between makes Slack send it again. By itself Bolt acknowledges events before it calls any
 * listener. Whatever no listener acknowledged is acknowledged at the end.
 */
export function gateAcks(app: App): App {
  const processEvent = async (event: ReceiverEvent): Promise<void> => {
    const isEvent = event.body['type'] === 'event_callback';
    let acked = false;
    const ack: ReceiverEvent['ack'] = async (response) => {
      acked = true;
      await event.ack(response);
    };
    await app.processEvent({ ...event, ack: isEvent ? () => Promise.resolve() : ack });
    if (!acked) await event.ack();
  };
  // Receivers call nothing else of the app.
  return { processEvent } as unknown as App;
}
