import { App, type InstallationStore } from '@slack/bolt';
import type { SlackConfig } from '../config-types.ts';
import { DeskError } from '../errors.ts';
import type { Log } from '../telemetry.ts';
import { createBoltLog } from './bolt-log.ts';
import { createClientOptions } from './client-options.ts';
import type { SlackDeps } from './deps.ts';
import { workspaceOf } from './identity.ts';
import { recordWorkspace } from './installations.ts';
import { gateAcks } from './receivers/ack-gate.ts';
import { createHttpListener, type InstallOptions, type RequestListener } from './receivers/http-receiver.ts';
import { readProblem } from './receivers/known-rejection.ts';
import { pause } from './receivers/pause.ts';
import { createSocketLink, type SocketLink } from './receivers/socket-link.ts';
import { turnStrangersAway } from './receivers/strangers.ts';
import { register } from './register.ts';
import { BOT_SCOPES } from './scopes.ts';

interface SlackTokens {
  /** For Socket Mode. */
  readonly app: string | null;
  /** For HTTP. */
  readonly signingSecret: string | null;
  /** For OAuth installs. */
  readonly client: { readonly id: string; readonly secret: string } | null;
  readonly stateSecret: string | null;
}

export interface SlackDoor {
  /**
   * Opens the door and waits a while for Slack. When Slack cannot be reached it says so in the log, returns, and
   * goes on trying.
   */
  start(): Promise<void>;
  stop(): Promise<void>;
  ready(): boolean;
  /** Serves `/slack/events` (HTTP mode) and `/slack/install`, `/slack/oauth_redirect` (OAuth); null when neither. */
  readonly requestListener: RequestListener | null;
}

interface SlackDoorOptions {
  readonly config: SlackConfig;
  readonly tokens: SlackTokens;
  readonly deps: SlackDeps;
  readonly log: Log;
  readonly publicUrl: string;
  /** Needed when installs come by OAuth. */
  readonly installations: InstallationStore | null;
  /** Milliseconds `start` waits for Slack. */
  readonly startMs?: number;
}

/** Connections in Socket Mode: while Slack refreshes one, the other hears. */
const LINKS = 2;
const START_MS = 5_000;

export function createSlackDoor(options: SlackDoorOptions): SlackDoor {
  const { config, deps, log } = options;
  const { telemetry } = deps.calls;
  const logger = createBoltLog(log);
  const app = new App({
    receiver: { init: () => undefined, start: () => Promise.resolve(), stop: () => Promise.resolve() },
    authorize: async (source) => {
      const workspaceId = workspaceOf({ ...source, isEnterpriseInstall: source.isEnterpriseInstall });
      const { botToken, botUserId, botId } = await deps.clients.identify(workspaceId);
      return { botToken, botUserId, botId, teamId: source.teamId, enterpriseId: source.enterpriseId };
    },
    clientOptions: createClientOptions(config.apiUrl, logger, telemetry),
    convoStore: false,
    logger,
  });
  app.error(async (error) => {
    log.error({ err: error }, 'a Slack listener failed');
    // Handed on, so that an event that was not written down is not acknowledged.
    throw error;
  });
  register(app, deps);

  const gated = gateAcks(turnStrangersAway(app, deps), telemetry);
  let connected: () => void = () => undefined;
  const firstConnection = new Promise<void>((resolve) => (connected = resolve));
  const links = createLinks(options, gated, () => connected());
  const requestListener = createListener(options, gated);
  const running: Promise<void>[] = [];
  let reached = false;

  const stopped = new AbortController();
  const greet = async (): Promise<void> => {
    const identity = await deps.clients.identifyOnly();
    if (identity !== null) await recordWorkspace(deps.calls.database, identity);
    reached = true;
  };
  return {
    requestListener,
    async start() {
      running.push(...links.map((link) => link.run()));
      const opened = Promise.all([links.length === 0 ? null : firstConnection, greet()]);
      const problem = await outcomeWithin(options.startMs ?? START_MS, opened);
      if (problem === null) return;
      const error = new DeskError('slack_unreachable', { url: config.apiUrl, problem });
      log.error({ err: error }, error.message);
      if (!reached) running.push(repeat(greet, stopped.signal));
    },
    async stop() {
      stopped.abort();
      await Promise.all(links.map((link) => link.stop()));
      await Promise.all(running);
    },
    ready: () => (links.length === 0 ? reached : links.some((link) => link.isConnected())),
  };
}

function createLinks(
  { config, tokens, deps, log }: SlackDoorOptions,
  app: App,
  onConnected: () => void,
): SocketLink[] {
  if (config.transport !== 'socket' || tokens.app === null) return [];
  const appToken = tokens.app;
  const logger = createBoltLog(log);
  return Array.from({ length: LINKS }, () =>
    createSocketLink({
      app,
      appToken,
      apiUrl: config.apiUrl,
      logger,
      telemetry: deps.calls.telemetry,
      log,
      onConnected,
    }),
  );
}

function createListener(options: SlackDoorOptions, app: App): RequestListener | null {
  const { config, tokens, log } = options;
  const signingSecret = config.transport === 'http' ? tokens.signingSecret : null;
  const install = describeInstall(options);
  if (signingSecret === null && install === null) return null;
  return createHttpListener({ app, signingSecret, logger: createBoltLog(log), install });
}

function describeInstall({
  config,
  tokens,
  deps,
  log,
  publicUrl,
  installations,
}: SlackDoorOptions): InstallOptions | null {
  const { client, stateSecret } = tokens;
  if (config.install !== 'oauth' || client === null || stateSecret === null || installations === null)
    return null;
  return {
    clientId: client.id,
    clientSecret: client.secret,
    stateSecret,
    scopes: [...BOT_SCOPES],
    redirectUri: `${publicUrl}/slack/oauth_redirect`,
    installationStore: installations,
    installerOptions: {
      redirectUriPath: '/slack/oauth_redirect',
      clientOptions: createClientOptions(config.apiUrl, createBoltLog(log), deps.calls.telemetry),
      authorizationUrl: new URL('/oauth/v2/authorize', config.apiUrl).href,
    },
  };
}

const AGAIN_MS = 10_000;

/** Tries until it succeeds or is stopped. */
async function repeat(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  let done = false;
  while (!done && !signal.aborted) {
    await pause(AGAIN_MS, signal);
    done = await work().then(
      () => true,
      () => false,
    );
  }
}

/** What kept `work` from succeeding in time, or null. Its later fate is heard, so that it is never unhandled. */
async function outcomeWithin(ms: number, work: Promise<unknown>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('no answer yet'), ms);
  });
  const result = work.then(() => null, readProblem);
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}
