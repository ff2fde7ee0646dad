import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createWorld } from './create-world.ts';
import { createDelivery } from './delivery.ts';
import { createEvents } from './events.ts';
import { createFaults } from './faults.ts';
import { createMessages } from './messages.ts';
import { agentMethods } from './methods/agents.ts';
import { createAuthMethods } from './methods/auth.ts';
import { streamMethods } from './methods/chat-stream.ts';
import { chatMethods } from './methods/chat.ts';
import { conversationMethods } from './methods/conversations.ts';
import { createFiles } from './methods/files.ts';
import { createOauthMethods } from './methods/oauth.ts';
import { userMethods } from './methods/users.ts';
import { viewMethods } from './methods/views.ts';
import { createModals } from './modals.ts';
import { createResponseUrls } from './response-urls.ts';
import { BOT_SCOPES } from './seed.ts';
import { createHttpTransport } from './socket/http-transport.ts';
import { createLinks } from './socket/links.ts';
import { createTickets } from './socket/tickets.ts';
import { createStore, type State } from './store.ts';
import { createTokens } from './tokens.ts';
import { createTriggers } from './triggers.ts';
import { createViolations } from './violations.ts';
import { createApi } from './web/api.ts';
import { createCodes } from './web/codes.ts';
import { createWebServer } from './web/server.ts';
import { createSigning } from './web/signing.ts';
import type { Credentials, SlackWorld } from './world.ts';
import type { Workspace } from './workspace.ts';

export interface SlackStandIn {
  /** Listens on 127.0.0.1; the app's `SLACK_API_URL` is `<origin>/api/`. */
  start(): Promise<{ origin: string }>;
  stop(): Promise<void>;
  readonly world: SlackWorld;
  readonly credentials: Credentials;
}

export interface SlackStandInOptions {
  readonly state: State;
  readonly now: () => Date;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Bot scopes granted; all that AgentDesk could ask for when absent. */
  readonly scopes?: readonly string[];
  /** Event subscriptions such as `message.im`; all when absent. */
  readonly subscriptions?: readonly string[];
  /** Sends signed HTTP requests to this URL instead of using Socket Mode. */
  readonly eventsUrl?: string;
  /** Milliseconds an acknowledgement may take; Slack's are 3000. */
  readonly ackMs?: number;
  /** Told about failures of the stand-in itself. */
  readonly onError?: (error: unknown) => void;
}

const ACK_MS = 3000;

/** A Slack of one small workspace on loopback, strict about everything an app sends it. */
export function createSlackStandIn(options: SlackStandInOptions): SlackStandIn {
  const { now, ackMs = ACK_MS } = options;
  const store = createStore(options.state, now);
  const { credentials } = store.data;
  let origin = '';

  const links = createLinks(ackMs);
  const tickets = createTickets(links);
  const transport =
    options.eventsUrl === undefined
      ? links
      : createHttpTransport({ url: options.eventsUrl, signingSecret: credentials.signingSecret, now, ackMs });
  const violations = createViolations(now, store.touch);
  const delivery = createDelivery(transport, (payload) =>
    violations.record('event', 'not_acknowledged', String(payload['event_id'])),
  );
  const events = createEvents({ store, delivery, now, subscriptions: options.subscriptions ?? null });
  const workspace: Workspace = {
    store,
    now,
    origin: () => origin,
    scopes: options.scopes ?? BOT_SCOPES,
    delivery,
    events,
    messages: createMessages(store, events),
    modals: createModals(store, now),
    triggers: createTriggers(now),
    responseUrls: createResponseUrls(now),
    violations,
  };
  const tokens = createTokens(store);
  const codes = createCodes(credentials, now);
  const signing = createSigning();
  const files = createFiles();
  const planned = createFaults();
  const methods = {
    ...createAuthMethods({ count: links.count, issue: tickets.issue }),
    ...chatMethods,
    ...streamMethods,
    ...conversationMethods,
    ...userMethods,
    ...viewMethods,
    ...agentMethods,
    ...files.methods,
    ...createOauthMethods(codes, signing, tokens),
  };
  const api = createApi(workspace, methods, tokens, planned);
  const onError = options.onError ?? ((error) => void process.emitWarning(error as Error));
  const server = createWebServer({ workspace, api, codes, signing, receiveFile: files.receive, onError });
  server.on('upgrade', tickets.upgrade);

  return {
    world: createWorld(workspace, planned, links),
    credentials,
    start: async () => {
      server.listen(options.port ?? 0, '127.0.0.1');
      await once(server, 'listening');
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      return { origin };
    },
    stop: async () => {
      await tickets.close();
      server.closeAllConnections();
      if (server.listening) {
        server.close();
        await once(server, 'close');
      }
      store.flush();
    },
  };
}
