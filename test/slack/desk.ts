import { randomBytes, randomUUID } from 'node:crypto';
import { catalog as actions } from '../../src/actions/catalog.ts';
import type { Outcome } from '../../src/agent/outcome.ts';
import { append } from '../../src/audit/append.ts';
import { createApproval } from '../../src/approvals/request.ts';
import type { Presentation } from '../../src/approvals/presentation.ts';
import { createOnDecided } from '../../src/main/on-decided.ts';
import type { CallDeps, Turn } from '../../src/calls/deps.ts';
import { listTurnCalls } from '../../src/calls/query.ts';
import { findTurn, settleTurn, startTurn } from '../../src/calls/turns.ts';
import { createDatabase } from '../../src/db/client.ts';
import { eq } from '../../src/db/drizzle.ts';
import { createJobs } from '../../src/db/jobs.ts';
import { calls } from '../../src/db/schema/calls.ts';
import { createKeyring } from '../../src/db/seal.ts';
import { loadSigner } from '../../src/db/signing-keys.ts';
import { connectAuthority, ISSUER, startAuthority } from '../../src/main/authority.ts';
import { requestChangeApproval } from '../../src/policy/changes/request.ts';
import { createPolicyStore } from '../../src/policy/head.ts';
import type { PolicyDeps } from '../../src/policy/versions/propose.ts';
import { createSlackStandIn, type SlackStandInOptions } from '../../src/sandbox/slack/stand-in.ts';
import { createSlackDoor } from '../../src/slack/app.ts';
import { createBoltLog } from '../../src/slack/bolt-log.ts';
import { createSlackClients } from '../../src/slack/clients.ts';
import { announce } from '../../src/slack/deliver/announce.ts';
import { notifyMember } from '../../src/slack/deliver/notify.ts';
import { tellMoved } from '../../src/slack/deliver/policy-moved.ts';
import { postCard } from '../../src/slack/deliver/post-card.ts';
import { sendOutbox } from '../../src/slack/deliver/send.ts';
import type { CatalogAction, SlackDeps } from '../../src/slack/deps.ts';
import { createDirectory } from '../../src/slack/directory/directory.ts';
import { refreshHome } from '../../src/slack/home/refresh.ts';
import { drainConversation } from '../../src/slack/work.ts';
import { silent, type Telemetry } from '../../src/telemetry-types.ts';
import { createLog } from '../../src/telemetry.ts';
import { createTestDatabase } from '../support/database.ts';
import { present } from './presentations.ts';

export const TEAM = 'T0SANDBOX';

const catalog: readonly CatalogAction[] = actions.map(({ id, service, risk, description }) => ({
  id,
  service,
  risk,
  description,
}));

/** What a turn comes to; given by each test. */
export type Script = (
  desk: SlackDesk,
  turn: Turn,
) => Promise<Pick<Outcome, 'status' | 'reply'> & Partial<Outcome>>;

export type SlackDesk = Awaited<ReturnType<typeof createSlackDesk>>;

/** The whole Slack door over the stand-in, a real database, real jobs and the real authority; only the agent is told what to do. */
export async function createSlackDesk(
  script: Script,
  standIn: Partial<SlackStandInOptions> = {},
  watched: { telemetry?: Telemetry } = {},
) {
  const database = await createTestDatabase();
  const access = { url: database.ownerUrl, role: 'agentdesk_app' } as const;
  const lines: string[] = [];
  const log = createLog('debug', { write: (line) => lines.push(line) });
  const keyring = createKeyring([randomBytes(32)]);
  const [deskKey, doorKey] = [
    await loadSigner(database.desk, keyring, 'desk'),
    await loadSigner(database.desk, keyring, 'door'),
  ];
  const authority = await startAuthority({
    access: { url: database.ownerUrl, role: 'agentdesk_authority' },
    keyring,
    desk: deskKey,
    door: doorKey,
    providers: { google: null, github: null },
    log,
  });
  const { ciba, vault } = await connectAuthority(authority.url, deskKey);
  const slack = createSlackStandIn({
    state: { load: () => null, save: () => undefined },
    now: () => new Date(),
    ...standIn,
  });
  const { origin } = await slack.start();
  const apiUrl = `${origin}/api/`;
  const { telemetry = silent } = watched;
  const desk = createDatabase(access, 8, telemetry);
  const jobs = await createJobs(access, (error) => lines.push(error.message));
  const clients = createSlackClients({
    apiUrl,
    logger: createBoltLog(log),
    telemetry,
    source: { botToken: slack.credentials.botToken },
  });
  const directory = createDirectory({ clients, log, now: () => new Date() });
  const common = { database: desk, jobs, log, telemetry, keyring };
  const callDeps: CallDeps = {
    ...common,
    now: () => new Date(),
    policies: createPolicyStore(desk, catalog, keyring),
    approvals: {
      ...common,
      ciba,
      door: doorKey,
      publicUrl: 'http://127.0.0.1:3000',
      device: null,
      announce: (tx, news) => announce(tx, jobs, news),
      onDecided: createOnDecided(jobs),
    },
    vault: {
      ...common,
      vault,
      linking: null,
      publicUrl: 'http://127.0.0.1:3000',
      resolveHost: (host) => host,
      scopesOf: () => ['scope'],
      now: () => new Date(),
      onAccountChange: (tx, change) => notifyMember(tx, jobs, change),
    },
    embeddedVault: true,
    approvalSeconds: 600,
    describeMember: directory.describeMember,
  };
  const policy: PolicyDeps = {
    database: desk,
    catalog,
    keyring,
    onMoved: (tx, moved) => tellMoved(tx, callDeps, moved),
    onPending: (tx, version) =>
      requestChangeApproval(
        tx,
        {
          approvals: callDeps.approvals,
          approvalSeconds: callDeps.approvalSeconds,
          postCard: (inTx, approval) => postCard(inTx, jobs, approval),
        },
        version,
      ),
  };
  const deps: SlackDeps = {
    calls: callDeps,
    policy,
    fillForm: null,
    clients,
    directory,
    catalog,
    model: 'a test',
  };
  const door = createSlackDoor({
    config: { apiUrl, transport: 'socket', signIn: false, install: 'token' },
    tokens: {
      app: slack.credentials.appToken,
      signingSecret: slack.credentials.signingSecret,
      client: null,
      stateSecret: null,
    },
    deps,
    log,
    publicUrl: 'http://127.0.0.1:3000',
    installations: null,
  });
  const self = {
    deps,
    apiUrl,
    door,
    slack,
    world: slack.world,
    database,
    jobs,
    lines,
    /** Runs of the agent, by turn. */
    runs: [] as string[],
    async stop() {
      await door.stop();
      await jobs.stop();
      await desk.close();
      await slack.stop();
      await authority.stop();
      await database.drop();
    },
  };
  const run = async (turnId: string): Promise<Outcome> => {
    self.runs.push(turnId);
    const turn = await findTurn(callDeps, turnId);
    if (turn === null) throw new Error('no turn');
    if (await startTurn(callDeps, turnId)) {
      const told = await script(self, turn);
      await settleTurn(callDeps, turn, told.status);
      return { connects: [], queued: 0, ...told, turn, calls: await listTurnCalls(callDeps, turnId) };
    }
    return {
      turn,
      status: 'cancelled',
      reply: null,
      calls: await listTurnCalls(callDeps, turnId),
      queued: 0,
      connects: [],
    };
  };
  await door.start();
  await jobs.work('conversation', 2, (key, signal) => drainConversation({ ...deps, run }, key, signal));
  await jobs.work('deliver', 2, (key, signal) => sendOutbox(deps, key, signal));
  await jobs.work('home', 1, (key) => refreshHome(deps, key));
  return self;
}

/** A call of the turn that waits for an approval, as the ledger would hold it. */
export async function proposeCall(
  { deps }: SlackDesk,
  turn: Turn,
  change: Partial<Presentation> = {},
  more: { action?: string } = {},
): Promise<{ callId: string; code: string }> {
  const callId = randomUUID();
  const code = randomBytes(4).toString('hex').toUpperCase();
  const { action = 'gmail.messages.send' } = more;
  await deps.calls.database.transaction(async (tx) => {
    await tx.insert(calls).values({
      id: callId,
      workspaceId: turn.workspaceId,
      memberId: turn.memberId,
      turnId: turn.id,
      toolCallId: callId,
      revision: 1,
      agent: 'default',
      issuer: ISSUER,
      subject: `slack|${turn.workspaceId}|${turn.memberId}`,
      connection: 'google-oauth2',
      accountId: randomUUID(),
      accountLabel: 'ben@acme.test',
      action,
      declarationHash: randomBytes(32),
      rawDigest: randomBytes(32),
      args: Buffer.from('{}'),
      rawArgs: Buffer.from('{}'),
      sameness: randomBytes(32),
      nonce: randomBytes(16),
      digest: randomBytes(32),
      code,
      policyCall: {},
      outcome: 'approve',
      rules: [],
      policyVersion: 'v1',
      status: 'pending',
    });
    const shown = { ...present(change), code, action };
    const about = {
      workspaceId: turn.workspaceId,
      memberId: turn.memberId,
      agent: 'default',
      action,
      target: 'ben@acme.test',
      call: { id: callId, code },
      turnId: turn.id,
      traceId: turn.traceId,
    };
    const { title, line } = shown;
    const rules = [{ id: 'mail-out', reason: 'Mail to others needs a yes.', layer: 'built-in' }];
    await append(
      tx,
      {
        ...about,
        type: 'call.proposed',
        actor: 'agent:default',
        outcome: 'proposed',
        detail: { title, line },
      },
      {
        ...about,
        type: 'call.decided',
        actor: 'desk',
        outcome: 'approve',
        detail: { rules, policy_version: 'v1' },
      },
    );
    await createApproval(tx, {
      workspaceId: turn.workspaceId,
      memberId: turn.memberId,
      about: {
        kind: 'call',
        callId,
        turnId: turn.id,
        conversationId: turn.conversationId,
        traceId: turn.traceId,
        agent: 'default',
      },
      subjectDigest: randomBytes(32),
      actor: 'agent:default',
      tier: 'approve',
      issuer: ISSUER,
      subject: `slack|${turn.workspaceId}|${turn.memberId}`,
      code,
      presentation: shown,
      policyVersion: 'v1',
      seconds: 600,
    });
  });
  return { callId, code };
}

export async function setCall(
  { deps }: SlackDesk,
  callId: string,
  change: Partial<typeof calls.$inferInsert>,
): Promise<void> {
  await deps.calls.database.db.update(calls).set(change).where(eq(calls.id, callId));
}
