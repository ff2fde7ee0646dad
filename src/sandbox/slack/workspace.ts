import type { Delivery } from './delivery.ts';
import type { Events } from './events.ts';
import type { Messages } from './messages.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { Store } from './store.ts';
import type { Triggers } from './triggers.ts';
import type { Modals } from './modals.ts';
import type { Violations } from './violations.ts';

/** The parts of the stand-in that its methods and its world share. */
export interface Workspace {
  readonly store: Store;
  readonly now: () => Date;
  /** `http://127.0.0.1:port`, known once started. */
  readonly origin: () => string;
  readonly scopes: readonly string[];
  readonly delivery: Delivery;
  readonly events: Events;
  readonly messages: Messages;
  readonly modals: Modals;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly violations: Violations;
}
