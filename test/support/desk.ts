import { createHmac, randomBytes } from 'node:crypto';
import { silent, type Telemetry } from '../../src/telemetry-types.ts';
import { createLog } from '../../src/telemetry.ts';
import type { ToolModel } from '../../src/agent/model.ts';
import { AIMessage, type BaseMessage } from '../../src/agent/langchain.ts';
import type { MemberProfile } from '../../src/calls/deps.ts';
import { receiveMessage } from '../../src/calls/turns.ts';
import { createKeyring, type Keyring } from '../../src/db/seal.ts';
import { startAuthority } from '../../src/main/authority.ts';
import { createDesk, loadKeys, type Desk } from '../../src/main/desk.ts';
import { createGithubStandIn } from '../../src/sandbox/github/stand-in.ts';
import { createGoogleStandIn } from '../../src/sandbox/google/stand-in.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

export interface TestDesk {
  readonly desk: Desk;
  readonly database: TestDatabase;
  readonly google: ReturnType<typeof createGoogleStandIn>;
  readonly github: ReturnType<typeof createGithubStandIn>;
  readonly keyring: Keyring;
  /** Every log line so far. */
  readonly log: string[];
  /** What was announced about passkeys. */
  readonly news: { memberId: string; text: string; adminText: string }[];
  /** Cards that were to be drawn anew, and why. */
  readonly redrawn: { approvalId: string; mark: string }[];
  /** Connects an account by the real OAuth flow, as a browser would, proved by the same e-mail address. */
  connect(connection: 'google-oauth2' | 'github', memberId: string): Promise<void>;
  /** A person's message; @returns the turn's id */
  say(memberId: string, text: string, threadTs?: string): Promise<string>;
  stop(): Promise<void>;
}

export const WORKSPACE = 'T0TEST';

export const PEOPLE: Record<string, MemberProfile> = {
  U0ADA: {
    name: 'Ada Byron',
    email: 'ada@acme.test',
    timeZone: 'Europe/Berlin',
    role: 'admin',
    groups: [],
    ownDomains: ['acme.test'],
  },
  U0BEN: {
    name: 'Ben Okri',
    email: 'ben@acme.test',
    timeZone: 'America/New_York',
    role: 'member',
    groups: [],
    ownDomains: ['acme.test'],
  },
};

/** The desk without its doors, on the real database, authority and stand-ins. */
export async function startTestDesk(
  model: ToolModel,
  options: {
    approvalSeconds?: number;
    telemetry?: Telemetry;
    tenant?: Parameters<typeof createDesk>[0]['tenant'];
    publicUrl?: string;
  } = {},
): Promise<TestDesk> {
  const database = await createTestDatabase();
  const lines: string[] = [];
  const news: TestDesk['news'] = [];
  const redrawn: TestDesk['redrawn'] = [];
  const log = createLog('debug', { write: (line) => lines.push(line) });
  const keyring = createKeyring([randomBytes(32)]);
  const now = (): Date => new Date();
  const memory = () => ({ load: () => null, save: () => undefined });
  const google = createGoogleStandIn({ state: memory(), now });
  const github = createGithubStandIn({ state: memory(), now });
  const [googleAt, githubAt] = await Promise.all([google.start(), github.start()]);
  const access = { url: database.ownerUrl, role: 'agentdesk_app' } as const;
  const keys = await loadKeys(access, keyring);
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
  const desk = await createDesk({
    access,
    keyring,
    keys,
    authorityUrl: authority.url,
    publicUrl: options.publicUrl ?? 'http://127.0.0.1:3999',
    tenant: options.tenant ?? null,
    device: { audience: 'https://agentdesk/api', seconds: 300 },
    postCard: () => Promise.resolve(),
    redraw: (approval, mark) => {
      redrawn.push({ approvalId: approval.id, mark });
      return Promise.resolve();
    },
    consent: 'whole',
    approvalSeconds: options.approvalSeconds ?? 600,
    resolveHost: (host) => (host.endsWith('github.com') ? githubAt.origin : googleAt.origin),
    model,
    describeMember: (_, memberId) => Promise.resolve(PEOPLE[memberId] ?? PEOPLE['U0BEN']!),
    onAccountChange: () => Promise.resolve(),
    announce: (_, { memberId, text, adminText }) => {
      news.push({ memberId, text, adminText });
      return Promise.resolve();
    },
    log,
    telemetry: options.telemetry ?? silent,
  });
  let counter = 0;
  return {
    desk,
    database,
    google,
    github,
    keyring,
    log: lines,
    news,
    redrawn,
    async connect(connection, memberId) {
      const { connectThroughBrowser } = await import('./connect.ts');
      await connectThroughBrowser(desk.deps.vault, {
        workspaceId: WORKSPACE,
        memberId,
        connection,
        email: PEOPLE[memberId]?.email ?? '',
      });
    },
    async say(memberId, text, threadTs) {
      counter += 1;
      const message = {
        workspaceId: WORKSPACE,
        memberId,
        channel: `D${memberId}`,
        threadTs: threadTs ?? `${counter}.000100`,
        eventId: `Ev${counter}`,
        text,
        surface: 'dm' as const,
      };
      await receiveMessage(desk.deps, message);
      return `${WORKSPACE}/${message.channel}/${message.threadTs}/${message.eventId}`;
    },
    async stop() {
      await desk.stop();
      await authority.stop();
      await Promise.all([google.stop(), github.stop()]);
      await database.drop();
    },
  };
}

/** A model that says what the test tells it to, message by message; then it repeats the last tool results. */
export function createScriptedModel(
  script: ((messages: BaseMessage[]) => AIMessage)[],
): ToolModel & { seen: BaseMessage[][] } {
  const seen: BaseMessage[][] = [];
  let step = 0;
  return {
    label: 'scripted',
    seen,
    invoke(messages) {
      seen.push(messages);
      const next = script[step];
      step += 1;
      return Promise.resolve(next === undefined ? new AIMessage('done') : next(messages));
    },
  };
}

export function toolCalls(
  ...calls: { name: string; args: Record<string, unknown>; id?: string }[]
): AIMessage {
  return new AIMessage({
    content: '',
    tool_calls: calls.map((call) => ({
      ...call,
      id:
        call.id ??
        `call_${createHmac('sha256', 'x').update(JSON.stringify(call)).digest('hex').slice(0, 12)}`,
      type: 'tool_call' as const,
    })),
  });
}
