import { randomBytes } from 'node:crypto';
import type { Delivery } from './delivery.ts';
import { APP, TEAM } from './seed.ts';
import type { Store } from './store.ts';
import type { Json } from './world.ts';

export interface Events {
  /**
   * Sends an event to the app.
   * @param subscription the name an app subscribes to, such as `message.im`
   */
  emit(subscription: string, event: Json): void;
  /** @throws Error when no such event was sent lately */
  redeliver(eventId: string): void;
  /** Ids of the events sent lately, oldest first. */
  sent(): string[];
}

const KEPT = 500;

/** The Events API envelope around an event (docs.slack.dev/apis/events-api). */
export function createEvents(options: {
  readonly store: Store;
  readonly delivery: Delivery;
  readonly now: () => Date;
  /** Subscriptions of the app; null for all. */
  readonly subscriptions: readonly string[] | null;
}): Events {
  const sent = new Map<string, Json>();
  return {
    sent: () => [...sent.keys()],
    emit: (subscription, event) => {
      if (options.subscriptions?.includes(subscription) === false) return;
      const id = `Ev${randomBytes(8).toString('hex').toUpperCase()}`;
      const body: Json = {
        token: options.store.data.credentials.verificationToken,
        team_id: TEAM.id,
        context_team_id: TEAM.id,
        context_enterprise_id: null,
        api_app_id: APP.id,
        event,
        type: 'event_callback',
        event_id: id,
        event_time: Math.floor(options.now().getTime() / 1000),
        authorizations: [
          {
            enterprise_id: null,
            team_id: TEAM.id,
            user_id: APP.botUser,
            is_bot: true,
            is_enterprise_install: false,
          },
        ],
        is_ext_shared_channel: false,
        event_context: `4-${randomBytes(12).toString('base64url')}`,
      };
      sent.set(id, body);
      for (const old of sent.keys()) if (sent.size > KEPT) sent.delete(old);
      options.delivery.event(body);
    },
    redeliver: (eventId) => {
      const body = sent.get(eventId);
      if (body === undefined) throw new Error(`No event ${eventId} was sent lately.`);
      options.delivery.event(body, { attempt: 1, reason: 'timeout' });
    },
  };
}
