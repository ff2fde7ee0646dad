import { createAgent, type Agent } from '../agent/run.ts';
import { createCheckpointer } from '../agent/checkpoints.ts';
import type { ToolModel } from '../agent/model.ts';
import { catalog } from '../actions/catalog.ts';
import type { CallDeps, MemberProfile } from '../calls/deps.ts';
import { expireUnclaimed } from '../calls/expire.ts';
import { reconcileDue } from '../calls/reconcile.ts';
import { expireDue } from '../approvals/expire.ts';
import { createDatabase, type Database } from '../db/client.ts';
import type { DatabaseAccess } from '../db/pool.ts';
import { createJobs, type Jobs } from '../db/jobs.ts';
import type { Keyring } from '../db/seal.ts';
import { loadSigner, type Signer } from '../db/signing-keys.ts';
import { createPolicyStore } from '../policy/head.ts';
import type { Telemetry } from '../telemetry-types.ts';
import type { Log } from '../telemetry.ts';
import { expireConnects } from '../vault/accounts/expire.ts';
import type { VaultDeps } from '../vault/deps.ts';
import { connectAuthority } from './authority.ts';
import { createOnDecided } from './on-decided.ts';
import { startTicker } from './ticker.ts';

/** The rooms between the doors: everything but Slack, HTTP, the authority and the sandbox. */
export interface Desk {
  readonly deps: CallDeps;
  readonly agent: Agent;
  readonly model: ToolModel;
  readonly jobs: Jobs;
  readonly database: Database;
  /** Starts what runs by the clock: expiry, reconciliation. */
  startTickers(): void;
  stop(): Promise<void>;
}

export interface DeskKeys {
  readonly desk: Signer;
  readonly door: Signer;
}

/** Connections a process holds, by what for; about 26 in all (design §8). */
const POOL = { desk: 12, checkpoints: 6 };

export async function loadKeys(access: DatabaseAccess, keyring: Keyring): Promise<DeskKeys> {
  const database = createDatabase(access, 1);
  try {
    return {
      desk: await loadSigner(database, keyring, 'desk'),
      door: await loadSigner(database, keyring, 'door'),
    };
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
  approvalSeconds: number;
  resolveHost: (host: string) => string;
  model: ToolModel;
  describeMember: (workspaceId: string, memberId: string) => Promise<MemberProfile>;
  onAccountChange: VaultDeps['onAccountChange'];
  announce: CallDeps['approvals']['announce'];
  log: Log;
  telemetry: Telemetry;
}): Promise<Desk> {
  const { access, keyring, log, telemetry } = options;
  const onError = (error: Error): void => {
    log.warn({ err: error }, 'database connection trouble; it is tried again');
  };
  const database = createDatabase(access, POOL.desk, telemetry);
  const jobs = await createJobs(access, onError);
  const checkpointer = createCheckpointer(access, POOL.checkpoints, onError);
  const { ciba, vault } = await connectAuthority(options.authorityUrl, options.keys.desk);
  const now = (): Date => new Date();
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
    ),
    approvals: {
      database,
      jobs,
      log,
      ciba,
      door: options.keys.door,
      keyring,
      publicUrl: options.publicUrl,
      announce: options.announce,
      onDecided: createOnDecided(jobs),
    },
    vault: {
      database,
      jobs,
      log,
      telemetry,
      keyring,
      vault,
      publicUrl: options.publicUrl,
      resolveHost: options.resolveHost,
      scopesOf: (connection) => listScopes(connection),
      now,
      onAccountChange: options.onAccountChange,
    },
    embeddedVault: true,
    approvalSeconds: options.approvalSeconds,
    describeMember: options.describeMember,
  };
  const agent = createAgent(deps, options.model, checkpointer.saver);
  const tickers: { stop(): Promise<void> }[] = [];
  return {
    deps,
    agent,
    model: options.model,
    jobs,
    database,
    startTickers() {
      tickers.push(
        startTicker('expire', 1_000, log, () => expireDue(deps.approvals)),
        startTicker('expire calls', 1_000, log, () => expireUnclaimed(deps)),
        startTicker('expire connects', 10_000, log, () => expireConnects(deps.vault)),
        startTicker('reconcile', 2_000, log, () => reconcileDue(deps)),
      );
    },
    async stop() {
      await Promise.all(tickers.map((ticker) => ticker.stop()));
      await jobs.stop();
      await checkpointer.close();
      await database.close();
    },
  };
}

/** The union of what the catalog needs of a connection. */
function listScopes(connection: string): string[] {
  return [
    ...new Set(
      catalog.filter((action) => action.connection === connection).flatMap((action) => action.scopes),
    ),
  ];
}
