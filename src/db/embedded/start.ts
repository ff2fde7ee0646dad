import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareBinaries, type Binaries } from './binaries.ts';
import { explainFailure } from './failures.ts';
import { chooseLayout, type Layout } from './layout.ts';
import { withLock } from './lock.ts';
import { obtainServer } from './obtain.ts';
import { locatePlatformPackage, type PlatformPackage } from './platform.ts';
import { isRoot } from './run-as.ts';
import { checkPath, stopServer } from './server.ts';
import { countUsers, joinUsers, leaveUsers } from './users.ts';

interface EmbeddedPostgresOptions {
  /** Directory for the cluster, its log and the owner's password; made when absent. */
  readonly dataDir: string;
  readonly log: (message: string) => void;
  /** Names what is set aside. */
  readonly now?: () => Date;
  /** False gives up safety against power loss for speed; only for tests. */
  readonly durable?: boolean;
  /** Where clusters live when AgentDesk is root and PostgreSQL's user cannot enter the data directory. */
  readonly fallbackDir?: string;
  /** Told when everything is prepared and PostgreSQL's own start begins; not when a running one is adopted. */
  readonly onStarting?: () => void;
  /** The installed programs; found among the npm packages when not given. */
  readonly programs?: PlatformPackage;
}

/** A running server. */
export interface EmbeddedPostgres {
  /** Connection string of the role that owns everything; it holds the password, so never log it. */
  readonly url: string;
  readonly port: number;
  /** True when the server ran before, for another process or left behind by a killed one. */
  readonly adopted: boolean;
  /** Stops the server, unless another process (or another start in this one) still uses it. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL from the npm package, or takes over the one that already runs for this data directory. The
 * server is detached: it outlives a killed AgentDesk, and the next start adopts it.
 * @throws DeskError config_invalid or database_unreachable; the sentence names the fix
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  try {
    // Others may pass through a directory that root makes, because PostgreSQL must.
    await mkdir(options.dataDir, { recursive: true, mode: isRoot() ? 0o711 : 0o700 });
    const dataDir = await realpath(options.dataDir);
    checkPath(dataDir);
    return await withLock(lockFile(dataDir), options.log, () => startLocked(dataDir, options));
  } catch (error) {
    throw explainFailure(error, options.dataDir);
  }
}

async function startLocked(dataDir: string, options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log, now = () => new Date(), durable = true, fallbackDir = '/var/lib/agentdesk' } = options;
  const { onStarting = () => undefined } = options;
  const programs = options.programs ?? locatePlatformPackage();
  const layout = await chooseLayout(dataDir, fallbackDir);
  const binaries = await prepareBinaries(programs, layout.base, layout.account, log);
  const isUsed = async (): Promise<boolean> => (await countUsers(dataDir)) > 0;
  const passwordFile = join(dataDir, 'postgres.password');
  const server = await obtainServer({
    layout,
    binaries,
    passwordFile,
    isUsed,
    log,
    now,
    durable,
    onStarting,
  });
  const use = await joinUsers(dataDir);
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= stopUse({ dataDir, use, layout, binaries, log }));
  return { ...server, stop };
}

async function stopUse(of: {
  dataDir: string;
  use: string;
  layout: Layout;
  binaries: Binaries;
  log: (message: string) => void;
}): Promise<void> {
  const { dataDir, use, layout, binaries, log } = of;
  try {
    await withLock(lockFile(dataDir), log, async () => {
      await leaveUsers(use);
      if ((await countUsers(dataDir)) === 0) await stopServer(layout, binaries);
      else log('PostgreSQL goes on running, because another AgentDesk uses it');
    });
  } catch (error) {
    throw explainFailure(error, dataDir);
  }
}

function lockFile(dataDir: string): string {
  return join(dataDir, 'postgres.lock');
}
