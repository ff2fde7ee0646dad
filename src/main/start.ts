import { listUnfinishedChanges } from '../approvals/query.ts';
import { listUnfinished } from '../calls/inbox.ts';
import type { Config, Secrets } from '../config-types.ts';
import { createHttpDoor } from '../http/door.ts';
import { createSlackDoor, type SlackDoor } from '../slack/app.ts';
import { checkPresence } from '../slack/check-presence.ts';
import { listUnsent } from '../slack/deliver/outbox.ts';
import { sendOutbox } from '../slack/deliver/send.ts';
import type { WorkDeps } from '../slack/deps.ts';
import { refreshHome } from '../slack/home/refresh.ts';
import { finishApproval } from '../slack/finish-change.ts';
import { drainConversation } from '../slack/work.ts';
import type { Log } from '../telemetry.ts';
import { startAuthority } from './authority.ts';
import type { Ground } from './ground.ts';
import { openSinks } from './audit/sinks.ts';
import { startAuditTickers } from './audit/tickers.ts';
import { createDesk, loadKeys, type Desk } from './desk.ts';
import { findFreePort } from './free-port.ts';
import { locateProviders, locateSlack, locateTenant, type SlackAccess } from './far-side.ts';
import { chooseModel } from './model.ts';
import type { Sandbox } from './sandbox.ts';
import { guardAgainstRestore } from './restored.ts';
import { createScrape } from './scrape.ts';
import { openTenantLog, type TenantLog } from './tenant-log.ts';
import { openSlackSide } from './slack-side.ts';
import { openTelemetry, type Watch } from './telemetry.ts';

/** Milliseconds after the start is told; loading keeps everything else waiting for parts of a second. */
const LOAD_AHEAD_MS = 500;

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

/** config → db → rooms → start. */
export async function startProgram(
  config: Config,
  secrets: Secrets,
  log: Log,
  ground: Ground,
): Promise<Program> {
  const stack = createStack();
  stack.add(() => ground.database.stop());
  try {
    return await open(config, secrets, log, ground, stack);
  } catch (error) {
    await stack.close();
    throw error;
  }
}

async function open(
  config: Config,
  secrets: Secrets,
  log: Log,
  { keyring, database }: Ground,
  stack: ReturnType<typeof createStack>,
): Promise<Program> {
  const port = config.http.port === 0 ? await findFreePort(config.http.host) : config.http.port;
  const publicUrl = config.http.port === 0 ? `http://${config.http.host}:${port}` : config.http.publicUrl;
  const watch = await openTelemetry(config, secrets, log);
  stack.add(() => watch.stop());

  const allowedHosts = (): string[] => [`127.0.0.1:${port}`, `localhost:${port}`, new URL(publicUrl).host];
  // Loaded only where it is used.
  const sandbox =
    config.slack === null
      ? await (await import('./sandbox.ts')).startSandbox(config.dataDir, allowedHosts)
      : null;
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
  const sinks = openSinks(config.audit, secrets.auditWebhook);
  const side = openSlackSide(slack, watch.telemetry, log);
  const desk = await createDesk({
    access: database.desk,
    keyring,
    keys,
    authorityUrl: authority,
    publicUrl,
    tenant: locateTenant(config, secrets),
    device: { audience: config.tenant?.audience ?? '', seconds: config.tenant?.deviceSeconds ?? 0 },
    consent: config.consent,
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
  const tenantLog = openTenantLog(desk, config, secrets, log);
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
    sinks: sinks.map(({ name }) => name),
    tenantLog,
    log,
  });
  stack.add(() => http.stop());
  await startWorkers(desk, deps, config.concurrency);
  await door.start();
  stack.add(() => door.stop());
  desk.startTickers(() => checkPresence(deps));
  const comparing = tenantLog?.start();
  if (comparing !== undefined) stack.add(() => comparing.stop());
  const auditing = await startAuditTickers(
    desk,
    {
      witnessUrl: secrets.witnessUrl,
      channels: config.audit.witnessChannels,
      sinks,
      contentDays: config.audit.contentDays,
    },
    log,
  );
  stack.add(() => auditing.stop());
  log.info(
    { url: publicUrl, slack: config.slack === null ? 'sandbox' : 'real', model: desk.model.label },
    'AgentDesk is up',
  );
  if (sandbox !== null) process.stdout.write(`Open ${publicUrl}/ in a browser.\n`);
  setTimeout(() => void loadAhead(desk, log), LOAD_AHEAD_MS).unref();
  return { url: publicUrl, stop: () => stack.close() };
}

/** Loads what the first turn needs, so that it does not wait for it. */
async function loadAhead({ agent }: Desk, log: Log): Promise<void> {
  try {
    await agent.load();
  } catch (error) {
    log.error({ err: error }, 'the agent could not be loaded; every turn will say so');
  }
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
  sinks: readonly string[];
  tenantLog: TenantLog | null;
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
    metrics: {
      read: createScrape(parts.watch.metrics, desk.database, parts.log, parts.sinks),
      token: parts.metricsToken,
    },
    tenantLog: parts.tenantLog?.door ?? null,
    slackEvents: door.requestListener,
    fallback: sandbox === null ? null : (req, res) => sandbox.handle(req, res),
  });
  await http.start();
  return http;
}
