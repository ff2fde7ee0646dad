import { randomBytes } from 'node:crypto';
import { createAuthority } from '../../src/authority/authority.ts';
import type { GoogleClient } from '../../src/authority/providers/google.ts';
import { createJobs } from '../../src/db/jobs.ts';
import { auditEvents } from '../../src/db/schema/records.ts';
import { accounts } from '../../src/db/schema/workspaces.ts';
import { createKeyring } from '../../src/db/seal.ts';
import { createHttpDoor, type HttpDoor } from '../../src/http/door.ts';
import type { HttpDoorOptions } from '../../src/http/options.ts';
import { ensureMember } from '../../src/vault/accounts/members.ts';
import { requestConnect, writeConnectLink } from '../../src/vault/accounts/request.ts';
import type { ConnectRequest, VaultDeps } from '../../src/vault/deps.ts';
import { silent } from '../../src/telemetry-types.ts';
import { createLog } from '../../src/telemetry.ts';
import { createKit, ISSUER, type Kit } from '../authority/kit.ts';
import { startSlackServer } from './slack-server.ts';

const PEOPLE: Readonly<Record<string, { name: string; email: string | null }>> = {
  U0BEN: { name: 'Ben Okri', email: 'Ben@Acme.test' },
  U0ADA: { name: 'Ada <b>"Byron"</b>', email: 'ada@acme.test' },
};

const READ_MAIL = 'https://www.googleapis.com/auth/gmail.readonly';
const SCOPES: readonly string[] = [READ_MAIL, 'unheard-of'];

interface Surroundings {
  /** Another Google than the kit's own; it knows real scopes only. */
  readonly google: GoogleClient | null;
  readonly scopes: readonly string[];
}

async function startBeside(kit: Kit, google: GoogleClient) {
  const authority = createAuthority({
    issuer: ISSUER,
    database: kit.database.authority,
    keyring: createKeyring([randomBytes(32)]),
    trustedKeys: { desk: [kit.desk.publicJwk], door: [kit.door.publicJwk] },
    providers: { google, github: null },
    now: kit.now,
    log: createLog('debug', { write: () => undefined }),
  });
  return { ...(await authority.start()), stop: () => authority.stop() };
}

/** The door on a real socket, over a real database, a real embedded authority and a strict Slack. */
export async function createDesk({ google = null, scopes = SCOPES }: Partial<Surroundings> = {}) {
  const kit = await createKit();
  const authority = google === null ? await kit.start() : await startBeside(kit, google);
  const slack = await startSlackServer();
  const { desk, ownerUrl } = kit.database;
  const jobs = await createJobs({ url: ownerUrl, role: 'agentdesk_app' }, () => undefined);
  const doors: HttpDoor[] = [];
  let publicUrl = '';
  let vaultIsDown = false;
  let instead: string | null = null;
  const told: { requestId: string | null; text: string }[] = [];
  const lines: string[] = [];

  const reach: typeof fetch = (input, init) => {
    if (vaultIsDown) return Promise.reject(new TypeError('connection refused'));
    if (instead !== null) {
      const body = instead;
      instead = null;
      return Promise.resolve(new Response(body, { status: 201 }));
    }
    const asked = new URL(input instanceof Request ? input.url : input);
    return fetch(`${authority.url}${asked.pathname}${asked.search}`, init);
  };
  const log = createLog('debug', { write: (line) => lines.push(line) });
  const vault: VaultDeps = {
    database: desk,
    jobs,
    log,
    telemetry: silent,
    keyring: createKeyring([randomBytes(32)]),
    vault: {
      issuer: ISSUER,
      client: kit.connectClient(authority.url),
      fetch: reach,
      subjectToken: () => Promise.reject(new Error('no exchange happens here')),
      myAccountToken: ({ subject }) => kit.meToken(subject),
      hintOf: ({ vaultId }) => Promise.resolve(vaultId),
      connectScopes: (_, asked) => asked,
      exchangeScopes: (_, asked) => asked,
      revokes: true,
    },
    linking: null,
    get publicUrl() {
      return publicUrl;
    },
    resolveHost: () => google?.apiUrl ?? kit.provider.url,
    scopesOf: () => scopes,
    now: () => new Date(),
    onAccountChange: (_, { requestId, text }) => {
      told.push({ requestId, text });
      return Promise.resolve();
    },
  };
  const approvals: HttpDoorOptions['approvals'] = {
    database: desk,
    jobs,
    log,
    keyring: vault.keyring,
    get publicUrl() {
      return publicUrl;
    },
    device: null,
    announce: () => Promise.resolve(),
  };
  await desk.transaction(async (tx) => {
    for (const memberId of Object.keys(PEOPLE)) {
      await ensureMember(tx, { workspaceId: 'T0SANDBOX', memberId, issuer: ISSUER, embedded: true });
    }
  });

  return {
    kit,
    slack,
    vault,
    approvals,
    lines,
    /** What members were told of their accounts. */
    told,
    setVaultDown: (down: boolean) => {
      vaultIsDown = down;
    },
    /** What the vault says next, whatever it is asked. */
    answerInstead: (body: string) => {
      instead = body;
    },
    /** Opens a door; links and redirects lead to the one opened last. */
    async open(overrides: Partial<HttpDoorOptions> = {}): Promise<string> {
      const door = createHttpDoor({
        host: '127.0.0.1',
        port: 0,
        publicUrl: () => publicUrl,
        vault,
        approvals,
        log,
        slackSignIn: slack.signIn,
        describePerson: (_, memberId) =>
          Promise.resolve({ ...(PEOPLE[memberId] ?? PEOPLE['U0BEN']!), workspaceName: 'Acme & Sons' }),
        readiness: () => Promise.resolve([]),
        metrics: null,
        tenantLog: null,
        slackEvents: null,
        fallback: null,
        ...overrides,
      });
      doors.push(door);
      publicUrl = `http://127.0.0.1:${(await door.start()).port}`;
      return publicUrl;
    },
    async link(memberId = 'U0BEN'): Promise<{ url: string; request: ConnectRequest }> {
      const request = await requestConnect(vault, {
        workspaceId: 'T0SANDBOX',
        memberId,
        connection: 'google-oauth2',
        purpose: 'to read <your> mail',
        level: 'all',
        waiting: null,
      });
      return { url: writeConnectLink(vault, request.id), request };
    },
    async statusOf({ id }: ConnectRequest): Promise<string> {
      const [row] = await kit.database.owner<{ status: string }[]>`
        select status from agentdesk.connect_requests where id = ${id}`;
      return row?.status ?? 'gone';
    },
    /** Outcomes of what was refused about a request, oldest first. */
    async refusals({ id }: ConnectRequest): Promise<{ outcome: string; why: string | null }[]> {
      const rows = await desk.within('T0SANDBOX', (tx) =>
        tx.select().from(auditEvents).orderBy(auditEvents.id),
      );
      return rows
        .filter(
          ({ type, detail }) =>
            type === 'account.connect_refused' && (detail as { request?: string }).request === id,
        )
        .map(({ outcome, why }) => ({ outcome, why }));
    },
    countAccounts: async () => (await desk.db.select().from(accounts)).length,
    async stop() {
      await Promise.all(doors.map((door) => door.stop()));
      await jobs.stop();
      await slack.stop();
      await authority.stop();
      await kit.stop();
    },
  };
}

export type Desk = Awaited<ReturnType<typeof createDesk>>;
