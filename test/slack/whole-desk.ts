import { randomBytes } from 'node:crypto';
import type { ToolModel } from '../../src/agent/model.ts';
import { createKeyring } from '../../src/db/seal.ts';
import { startAuthority } from '../../src/main/authority.ts';
import { createDesk, loadKeys } from '../../src/main/desk.ts';
import { openSlackSide } from '../../src/main/slack-side.ts';
import { createGithubStandIn } from '../../src/sandbox/github/stand-in.ts';
import { createGoogleStandIn } from '../../src/sandbox/google/stand-in.ts';
import { createSlackStandIn } from '../../src/sandbox/slack/stand-in.ts';
import { createSlackDoor } from '../../src/slack/app.ts';
import { sendOutbox } from '../../src/slack/deliver/send.ts';
import { finishApproval } from '../../src/slack/finish-change.ts';
import { refreshHome } from '../../src/slack/home/refresh.ts';
import { drainConversation } from '../../src/slack/work.ts';
import { silent } from '../../src/telemetry-types.ts';
import { createLog } from '../../src/telemetry.ts';
import { connectThroughBrowser } from '../support/connect.ts';
import { createTestDatabase } from '../support/database.ts';
import { startGateway } from './gateway.ts';

export const TEAM = 'T0SANDBOX';

export type WholeDesk = Awaited<ReturnType<typeof startWholeDesk>>;

/**
 * Everything at once: the real agent, ledger, policy, vault and authority behind the real Bolt app, over real sockets
 * and a real database, against the stand-ins. Only the model's words are the test's.
 * @param options `self`: what Slack says of the app itself besides
 */
export async function startWholeDesk(
  model: ToolModel,
  options: { approvalSeconds?: number; self?: Record<string, unknown> } = {},
) {
  const database = await createTestDatabase();
  const access = { url: database.ownerUrl, role: 'agentdesk_app' } as const;
  const lines: string[] = [];
  const log = createLog('debug', { write: (line) => lines.push(line) });
  const keyring = createKeyring([randomBytes(32)]);
  const now = (): Date => new Date();
  const memory = () => ({ load: () => null, save: () => undefined });
  const slack = createSlackStandIn({ state: memory(), now });
  const google = createGoogleStandIn({ state: memory(), now });
  const github = createGithubStandIn({ state: memory(), now });
  const [slackAt, googleAt, githubAt] = await Promise.all([slack.start(), google.start(), github.start()]);
  const gateway = await startGateway(slackAt.origin);
  const { self: ourself = {} } = options;
  gateway.onAnswer = (method, answer) => (method === 'auth.test' ? { ...answer, ...ourself } : answer);
  const keys = await loadKeys(access, keyring);

  /** What a process of AgentDesk is made of. */
  async function open() {
    const authority = await startAuthority({
      access: { url: database.ownerUrl, role: 'agentdesk_authority' },
      keyring,
      ...keys,
      providers: {
        google: { apiUrl: googleAt.origin, ...google.credentials },
        github: { apiUrl: githubAt.origin, siteUrl: githubAt.origin, ...github.credentials },
      },
      log,
    });
    const slackAccess = {
      config: { apiUrl: gateway.apiUrl, transport: 'socket', signIn: false, install: 'token' },
      botToken: slack.credentials.botToken,
      appToken: slack.credentials.appToken,
      signingSecret: null,
      client: null,
      stateSecret: null,
    } as const;
    const side = openSlackSide(slackAccess, silent, log);
    const desk = await createDesk({
      access,
      keyring,
      keys,
      authorityUrl: authority.url,
      publicUrl: 'http://127.0.0.1:3000',
      tenant: null,
      device: { audience: '', seconds: 0 },
      consent: 'whole',
      approvalSeconds: options.approvalSeconds ?? 600,
      resolveHost: (host) => (host === 'api.github.com' ? githubAt.origin : googleAt.origin),
      model,
      ...side.hooks,
      log,
      telemetry: silent,
    });
    const deps = side.bind(desk);
    const door = createSlackDoor({
      config: slackAccess.config,
      tokens: { app: slackAccess.appToken, signingSecret: null, client: null, stateSecret: null },
      deps,
      log,
      publicUrl: 'http://127.0.0.1:3000',
      installations: null,
    });
    await desk.jobs.work('conversation', 2, (key, signal) => drainConversation(deps, key, signal));
    await desk.jobs.work('deliver', 2, (key, signal) => sendOutbox(deps, key, signal));
    await desk.jobs.work('home', 1, (key) => refreshHome(deps, key));
    await desk.jobs.work('approval', 1, (approvalId) => finishApproval(deps, approvalId));
    await door.start();
    return {
      deps,
      async close() {
        await door.stop();
        await desk.stop();
        await authority.stop();
      },
    };
  }
  let running = await open();

  return {
    world: slack.world,
    google: google.world,
    github: github.world,
    gateway,
    database,
    lines,
    get deps() {
      return running.deps;
    },
    connect: (memberId: string, email: string, workspaceId = TEAM) =>
      connectThroughBrowser(running.deps.calls.vault, {
        workspaceId,
        memberId,
        connection: 'google-oauth2',
        email,
      }),
    /** Another process on the same database; Slack and its messages stay. */
    async restart() {
      await running.close();
      running = await open();
    },
    async stop() {
      await running.close();
      await gateway.stop();
      await Promise.all([slack.stop(), google.stop(), github.stop()]);
      await database.drop();
    },
  };
}
