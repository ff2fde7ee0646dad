import { expireAccessTokens, revokeAll } from './account.ts';
import type { Faults } from '../http/faults.ts';
import type { LoggedRequest } from '../http/request-log.ts';
import type { Effect } from '../http/store.ts';
import type { Google } from './state.ts';
import { viewEvents, type WorldEvent } from './view-events.ts';
import { viewMailbox, type WorldMailbox } from './view-mailbox.ts';

/** What the sandbox page and the tests may see of Google: never a token. */
export interface GoogleWorld {
  mailboxes(): WorldMailbox[];
  /** One entry per calendar, the team's included; earliest event first, deleted ones too, with their status. */
  calendars(): { email: string; events: WorldEvent[] }[];
  effects(): Effect[];
  /** The last 500 requests. */
  requests(): LoggedRequest[];
  onChange(listener: () => void): () => void;
  readonly faults: Faults;
  /** Ends every grant of a person, as they can on their account page. */
  revokeAll(email: string): void;
  /** Makes every access token run out now. */
  expireAccessTokens(): void;
}

export function createGoogleWorld(
  google: Google,
  faults: Faults,
  requests: () => LoggedRequest[],
): GoogleWorld {
  const { store } = google;
  return {
    mailboxes: () => store.state.mailboxes.map(viewMailbox),
    calendars: () => store.state.calendars.map(({ id }) => ({ email: id, events: viewEvents(google, id) })),
    effects: () => store.effects(),
    requests,
    onChange: (listener) => store.onChange(listener),
    faults,
    revokeAll: (email) => revokeAll(google, email),
    expireAccessTokens: () => expireAccessTokens(google),
  };
}
