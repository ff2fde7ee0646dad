import type { ToolModel } from '../agent/model.ts';
import { catalog } from '../actions/catalog.ts';
import type { CallDeps, MemberProfile } from '../calls/deps.ts';
import { expireUnclaimed } from '../calls/expire.ts';
import { reconcileDue } from '../calls/reconcile.ts';
import type { Approval, DeviceDeps } from '../approvals/deps.ts';
import { expireDue } from '../approvals/expire.ts';
import { createDatabase, type Database, type Transaction } from '../db/client.ts';
import type { DatabaseAccess } from '../db/pool.ts';
import { createJobs, type Jobs } from '../db/jobs.ts';
import type { Keyring } from '../db/seal.ts';
import { loadSigner, type Signer } from '../db/signing-keys.ts';
import { createTenantCiba } from '../approvals/strong/tenant/client.ts';
import { workOnDevices } from '../approvals/strong/tenant/run.ts';
import { createPolicyStore } from '../policy/head.ts';
import type { Telemetry } from '../telemetry-types.ts';
import type { Log } from '../telemetry.ts';
import { expireConnects } from '../vault/accounts/expire.ts';
import { discardTokens } from '../vault/accounts/link/discard.ts';
import { revokeDue } from '../vault/accounts/revoke.ts';
import { removeDepartedLinks } from '../vault/accounts/unlink.ts';
import type { ScopeLevel, VaultDeps } from '../vault/deps.ts';
import { connectTenant } from '../vault/tenant/connection.ts';
import type { TenantClient } from '../vault/tenant/oidc.ts';
import { connectAuthority } from './authority.ts';
import { createLateAgent, type LateAgent } from './late-agent.ts';
import { createLinking } from './linking.ts';
import { createOnDecided } from './on-decided.ts';
import { startTicker } from './ticker.ts';

/** The rooms between the doors: everything but Slack, HTTP, the authority and the sandbox. */
export interface Desk {
  readonly deps: CallDeps;
  readonly agent: LateAgent;
  readonly model: ToolModel;
  readonly jobs: Jobs;
  readonly database: Database;
  /**
   * Starts what runs by the clock: expiry, reconciliation.
   * @param checkPresence asks Slack who is still there
   */
  startTickers(checkPresence: () => Promise<void>): void;
  stop(): Promise<void>;
}

export interface DeskKeys {
  readonly desk: Signer;
  readonly door: Signer;
}

/** Connections a process holds, by what for; about 26 in all (design §8). */
const POOL = { desk: 12, checkpoints: 6 };

export async function loadKeys(access: DatabaseAccess, keyring: Keyring): Promise<DeskKeys> {
  const database = createDatabase(access, 2);
  try {
    const [desk, door] = await Promise.all([
      loadSigner(database, keyring, 'desk'),
      loadSigner(database, keyring, 'door'),
    ]);
    return { desk, door };
  } finally {
    await database.close();
  }
}

export async function createDesk(options: {
  access: DatabaseAccess;
  keyring: Keyring;
  keys: DeskKeys;
  authorityUrl: string;
  publicUrl: string;
  /** The tenant that holds the accounts; null = the embedded authority does. */
  tenant: (TenantClient & { readonly domain: string }) | null;
  /** How members' own devices are asked at the tenant: the API its tokens are for, and how long it waits. */
  device: { readonly audience: string; readonly seconds: number };
  /** Whether a request that only reads leads to a consent for everything at once. */
  consent: 'whole' | 'least';
  approvalSeconds: number;
  resolveHost: (host: string) => string;
  model: ToolModel;
  describeMember: (workspaceId: string, memberId: string) => Promise<MemberProfile>;
  onAccountChange: VaultDeps['onAccountChange'];
  announce: CallDeps['approvals']['announce'];
  /** Has the card of an approval posted that no turn waits for. */
  postCard: (tx: Transaction, approval: Approval) => Promise<void>;
  redraw: DeviceDeps['redraw'];
  log: Log;
  telemetry: Telemetry;
}): Promise<Desk> {
  const { access, keyring, log, telemetry } = options;
  const onError = (error: Error): void => {
    log.warn({ err: error }, 'database connection trouble; it is tried again');
  };
  const database = createDatabase(access, POOL.desk, telemetry);
  const jobs = await createJobs(access, onError);
  const { ciba, vault: embedded } = await connectAuthority(options.authorityUrl, options.keys.desk);
  const now = (): Date => new Date();
  const tenant = options.tenant && connectTenant({ tenant: options.tenant, database, keyring, now });
  const deps: CallDeps = {
    database,
    jobs,
    log,
    telemetry,
    keyring,
    now,
    policies: createPolicyStore(
      database,
      catalog.map(({ id, service, risk }) => ({ id, service, risk })),
      keyring,
    ),
    approvals: {
      database,
      jobs,
      log,
      ciba,
      door: options.keys.door,
      keyring,
      publicUrl: options.publicUrl,
      device: tenant &&
        options.tenant && {
          ciba: createTenantCiba({
            client: tenant.vault.client,
            fetch: tenant.vault.fetch,
            issuer: options.tenant.issuer,
            domain: options.tenant.domain,
            clientId: options.tenant.clientId,
            audience: options.device.audience,
            expirySeconds: options.device.seconds,
            now,
          }),
          redraw: options.redraw,
        },
      announce: options.announce,
      onDecided: createOnDecided(jobs),
    },
    vault: {
      database,
      jobs,
      log,
      telemetry,
      keyring,
      vault: tenant?.vault ?? embedded,
      linking: tenant && createLinking(() => deps, tenant.login, options),
      publicUrl: options.publicUrl,
      resolveHost: options.resolveHost,
      scopesOf: (connection, level) => listScopes(connection, options.consent === 'whole' ? 'all' : level),
      now,
      onAccountChange: options.onAccountChange,
    },
    embeddedVault: tenant === null,
    approvalSeconds: options.approvalSeconds,
    describeMember: options.describeMember,
  };
  const agent = createLateAgent(deps, options.model, access, POOL.checkpoints, onError);
  const tickers: { stop(): Promise<void> }[] = [];
  return {
    deps,
    agent,
    model: options.model,
    jobs,
    database,
    startTickers(checkPresence) {
      tickers.push(
        startTicker('expire', 1_000, log, () => expireDue(deps.approvals)),
        startTicker('ask devices', 1_000, log, () => workOnDevices(deps.approvals)),
        startTicker('expire calls', 1_000, log, () => expireUnclaimed(deps)),
        startTicker('expire connects', 10_000, log, () => expireConnects(deps.vault)),
        startTicker('discard tokens', 30_000, log, () => discardTokens(deps.vault)),
        startTicker('ask who is still there', 60_000, log, async () => {
          await checkPresence();
          return 0;
        }),
        startTicker('revoke accounts', 10_000, log, () => revokeDue(deps.vault)),
        startTicker('remove links', 30_000, log, () => removeDepartedLinks(deps.vault)),
        startTicker('reconcile', 2_000, log, () => reconcileDue(deps)),
      );
    },
    async stop() {
      await Promise.all(tickers.map((ticker) => ticker.stop()));
      await jobs.stop();
      await agent.close();
      await database.close();
    },
  };
}

/** The union of what the catalog needs of a connection, or of it what only reads. */
function listScopes(connection: string, level: ScopeLevel): string[] {
  const wanted = catalog.filter(
    (action) => action.connection === connection && (level === 'all' || action.risk === 'read'),
  );
  return [...new Set(wanted.flatMap((action) => action.scopes))];
}
