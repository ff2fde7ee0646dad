import { createFaultQueue } from '../http/faults.ts';
import { randomSecret, type ClientCredentials } from '../http/credentials.ts';
import { createRequestLog } from '../http/request-log.ts';
import { createRouter } from '../http/router.ts';
import { createStandInServer, type StandInServer } from '../http/server.ts';
import { openStore, type StatePort } from '../http/store.ts';
import { addAccount } from './account.ts';
import { addAuthorize } from './authorize.ts';
import { addCalendars } from './calendars.ts';
import { addDrafts } from './drafts.ts';
import { replyUsual } from './errors.ts';
import { addEventPage } from './event-page.ts';
import { addEventReads } from './events-read.ts';
import { addEventWrites } from './events-write.ts';
import { addFreeBusy } from './freebusy.ts';
import { addCerts, generateSigningKey } from './id-token.ts';
import { addMailbox } from './mailbox.ts';
import { addMessages } from './messages.ts';
import { seedCalendars, seedEvents } from './seed-calendar.ts';
import { seedMailboxes } from './seed-mail.ts';
import type { Google, GoogleState } from './state.ts';
import { addToken } from './token.ts';
import { createGoogleWorld, type GoogleWorld } from './world.ts';

export interface GoogleStandIn extends StandInServer {
  readonly world: GoogleWorld;
  /** The one OAuth client it knows. */
  readonly credentials: ClientCredentials;
}

/**
 * A stand-in of Google on one loopback origin: OAuth and OpenID Connect, Calendar v3, Gmail v1.
 * @param options.state where it keeps its world; with an empty one a plausible week is made around `now()`
 * @param options.port 0 for any free one
 */
export function createGoogleStandIn(options: {
  readonly state: StatePort;
  readonly now: () => Date;
  readonly port?: number;
}): GoogleStandIn {
  const { now } = options;
  const seed = (): GoogleState => seedState(now());
  const google: Google = {
    store: openStore<GoogleState>({ port: options.state, version: 1, now, seed }),
    now,
  };
  const router = createRouter();
  for (const add of [addAuthorize, addToken, addAccount, addCerts]) add(router, google);
  for (const add of [addCalendars, addEventReads, addEventWrites, addFreeBusy, addEventPage])
    add(router, google);
  for (const add of [addDrafts, addMessages, addMailbox]) add(router, google);
  const faults = createFaultQueue();
  const log = createRequestLog();
  const server = createStandInServer({
    port: options.port ?? 0,
    now,
    router,
    faults,
    log,
    notFound: ({ path }) => replyUsual(404, path),
    failure: (status, { path }) => replyUsual(status, path),
  });
  const { clientId, clientSecret } = google.store.state;
  return {
    ...server,
    world: createGoogleWorld(google, faults, () => log.list()),
    credentials: { clientId, clientSecret },
  };
}

function seedState(now: Date): GoogleState {
  const events = seedEvents(now);
  return {
    version: 1,
    effects: [],
    clientId: `${randomSecret('sandbox-', 20).toLowerCase()}.apps.googleusercontent.com`,
    clientSecret: randomSecret('GOCSPX-', 28),
    signingKey: generateSigningKey(),
    revision: events.length + 100,
    codes: [],
    tokens: [],
    grants: {},
    calendars: seedCalendars(),
    events,
    mailboxes: seedMailboxes(now),
  };
}
