import { createServer, type AddressInfo } from 'node:net';
import { listUnfinishedChanges } from '../approvals/query.ts';
import { listUnfinished } from '../calls/inbox.ts';
import type { Config, Secrets } from '../config-types.ts';
import { createHttpDoor } from '../http/door.ts';
import { createSlackDoor, type SlackDoor } from '../slack/app.ts';
import { listUnsent } from '../slack/deliver/outbox.ts';
import { sendOutbox } from '../slack/deliver/send.ts';
import type { WorkDeps } from '../slack/deps.ts';
import { isKnownSlackRejection } from '../slack/receivers/known-rejection.ts';
import { refreshHome } from '../slack/home/refresh.ts';
import { finishApproval } from '../slack/finish-change.ts';
import { drainConversation } from '../slack/work.ts';
import type { Log } from '../telemetry.ts';
import { startAuthority } from './authority.ts';
import type { Invocation } from './invocation.ts';
import { startAuditTickers } from './audit/tickers.ts';
import { openDatabase } from './database.ts';
import { createDesk, loadKeys, type Desk } from './desk.ts';
import { locateProviders, locateSlack, type SlackAccess } from './far-side.ts';
import { openKeyring, prepareDataDir } from './keys.ts';
import { chooseModel } from './model.ts';
import { startSandbox, type Sandbox } from './sandbox.ts';
import { untilSignal } from './signals.ts';
import { guardAgainstRestore } from './restored.ts';
import { createScrape } from './scrape.ts';
import { openSlackSide } from './slack-side.ts';
import { openTelemetry, type Watch } from './telemetry.ts';

export interface Program {
  readonly url: string;
  stop(): Promise<void>;
}

/** Everything that was opened, closed in reverse; the first error is kept, the rest is still closed. */
function createStack(): { add(close: () => Promise<void>): void; close(): Promise<void> } {
  const closes: (() => Promise<void>)[] = [];
  return {
    add: (close) => closes.push(close),
    async close() {
      const errors: unknown[] = [];
      for (let close = closes.pop(); close !== undefined; close = closes.pop()) {
        await close().catch((error: unknown) => errors.push(error));
      }
      if (errors.length > 0) throw errors[0];
    },
  };
}

/** `agentdesk start`: runs until SIGTERM or SIGINT, then drains and hands the rest over. */
export async function runStart({ config, secrets, log }: Invocation): Promise<number> {
  process.on('unhandledRejection', (error) => {
    if (!isKnownSlackRejection(error)) throw error;
    log.warn({ err: error }, 'the Slack client dropped a promise (a known defect of its version)');
  });
  // Listened for before anything is opened: a signal during the start must not tear the program down half open.
  const signalled = untilSignal();
  const program = await startProgram(config, secrets, log);
  const signal = await signalled;
  log.info({ signal }, 'stopping: work under way is finished, the rest is handed over');
  await program.stop();
  return 0;
}

/** config → db → rooms → start. */
export async function startProgram(config: Config, secrets: Secrets, log: Log): Promise<Program> {
  const stack = createStack();
  try {
    return await open(config, secrets, log, stack);
  } catch (error) {
    await stack.close();
    throw error;
  }
}

async function open(
  config: Config,
  secrets: Secrets,
  log: Log,
  stack: ReturnType<typeof createStack>,
): Promise<Program> {
  prepareDataDir(config.dataDir);
  const port = config.http.port === 0 ? await findFreePort(config.http.host) : config.http.port;
  const publicUrl = config.http.port === 0 ? `http://${config.http.host}:${port}` : config.http.publicUrl;
  const keyring = openKeyring(secrets.encryptionKeys, config.dataDir, log);
  const database = await openDatabase(config, secrets, keyring, log);
  stack.add(() => database.stop());
  const watch = await openTelemetry(config, secrets, log);
  stack.add(() => watch.stop());

  const allowedHosts = (): string[] => [`127.0.0.1:${port}`, `localhost:${port}`, new URL(publicUrl).host];
  const sandbox = config.slack === null ? await startSandbox(config.dataDir, allowedHosts) : null;
  if (sandbox !== null) stack.add(() => sandbox.stop());

  const { providers, resolveHost } = locateProviders(config, secrets, sandbox);
  const keys = await loadKeys(database.desk, keyring);
  const authority = config.authorityUrl ?? (await openAuthority());
  async function openAuthority(): Promise<string> {
    const running = await startAuthority({ access: database.authority, keyring, ...keys, providers, log });
    stack.add(() => running.stop());
    return running.url;
  }

  const slack = locateSlack(config, secrets, sandbox);
  const side = openSlackSide(slack, watch.telemetry, log);
  const desk = await createDesk({
    access: database.desk,
    keyring,
    keys,
    authorityUrl: authority,
    publicUrl,
    approvalSeconds: config.approvalSeconds,
    resolveHost,
    model: chooseModel(config, secrets),
    ...side.hooks,
    log,
    telemetry: watch.telemetry,
  });
  stack.add(() => desk.stop());
  const deps = side.bind(desk);
  const noting = await guardAgainstRestore(desk, config.dataDir, log);
  stack.add(() => noting.stop());

  const door = createSlackDoor({
    config: slack.config,
    tokens: {
      app: slack.appToken,
      signingSecret: slack.signingSecret,
      client: slack.client,
      stateSecret: slack.stateSecret,
    },
    deps,
    log,
    publicUrl,
    installations: side.installations(),
  });
  await startWorkers(desk, deps, config.concurrency);
  const http = await openHttp({
    config,
    port,
    publicUrl,
    desk,
    deps,
    door,
    slack,
    sandbox,
    watch,
    metricsToken: secrets.metricsToken,
    log,
  });
  stack.add(() => http.stop());
  await door.start();
  stack.add(() => door.stop());
  desk.startTickers();
  const auditing = await startAuditTickers(desk, secrets.witnessUrl, log);
  stack.add(() => auditing.stop());
  log.info(
    { url: publicUrl, slack: config.slack === null ? 'sandbox' : 'real', model: desk.model.label },
    'AgentDesk is up',
  );
  if (sandbox !== null) process.stdout.write(`Open ${publicUrl}/ in a browser.\n`);
  return { url: publicUrl, stop: () => stack.close() };
}

async function startWorkers(desk: Desk, deps: WorkDeps, concurrency: number): Promise<void> {
  await desk.jobs.work('conversation', concurrency, (key, signal) => drainConversation(deps, key, signal));
  await desk.jobs.work('deliver', Math.max(4, Math.ceil(concurrency / 2)), (key, signal) =>
    sendOutbox(deps, key, signal),
  );
  await desk.jobs.work('home', 2, (key) => refreshHome(deps, key));
  await desk.jobs.work('approval', 1, (approvalId) => finishApproval(deps, approvalId));
  // A wake-up may have been lost with the process that held it; the rows are the truth.
  for (const key of await listUnfinished(desk.deps)) await desk.jobs.wakeNow('conversation', key);
  for (const id of await listUnfinishedChanges(desk.database)) await desk.jobs.wakeNow('approval', id);
  for (const key of await listUnsent(desk.database)) await desk.jobs.wakeNow('deliver', key);
}

async function openHttp(parts: {
  config: Config;
  port: number;
  publicUrl: string;
  desk: Desk;
  deps: WorkDeps;
  door: SlackDoor;
  slack: SlackAccess;
  sandbox: Sandbox | null;
  watch: Watch;
  metricsToken: string | null;
  log: Log;
}): Promise<{ stop(): Promise<void> }> {
  const { config, slack, desk, door, sandbox } = parts;
  const http = createHttpDoor({
    host: config.http.host,
    port: parts.port,
    publicUrl: () => parts.publicUrl,
    vault: desk.deps.vault,
    approvals: desk.deps.approvals,
    log: parts.log,
    slackSignIn: slack.client && {
      origin: new URL(slack.config.apiUrl).origin,
      apiUrl: slack.config.apiUrl,
      clientId: slack.client.id,
      clientSecret: slack.client.secret,
    },
    async describePerson(workspaceId, memberId) {
      const { name, email } = await parts.deps.directory.describeMember(workspaceId, memberId);
      return { name, email, workspaceName: (await parts.deps.clients.identify(workspaceId)).name };
    },
    async readiness() {
      await desk.database.sql`select 1`;
      return door.ready() ? [] : ['slack'];
    },
    metrics: { read: createScrape(parts.watch.metrics, desk.database, parts.log), token: parts.metricsToken },
    slackEvents: door.requestListener,
    fallback: sandbox === null ? null : (req, res) => sandbox.handle(req, res),
  });
  await http.start();
  return http;
}

/** A port nobody listens on at the moment; links are made before the listener is open. */
async function findFreePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, host, () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => {
        resolve(port);
      });
    });
  });
}
