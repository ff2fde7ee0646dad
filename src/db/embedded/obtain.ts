import { DeskError } from '../../errors.ts';
import type { Binaries } from './binaries.ts';
import { checkVersion, createCluster, setAside } from './cluster.ts';
import { handOver, isCluster, type Layout } from './layout.ts';
import { createPassword, readPassword } from './password.ts';
import { findRunning } from './postmaster.ts';
import { resetPassword, startServer, stopServer } from './server.ts';
import { askServer, ensureDatabase, ownerUrl } from './session.ts';

interface Setting {
  readonly layout: Layout;
  readonly binaries: Binaries;
  readonly passwordFile: string;
  /** Whether another process works with the server at this moment. */
  readonly isUsed: () => Promise<boolean>;
  readonly log: (message: string) => void;
  readonly now: () => Date;
  readonly durable: boolean;
  readonly onStarting: () => void;
}

/** A server that answered and has the database. */
interface Server {
  readonly url: string;
  readonly port: number;
  readonly adopted: boolean;
}

/** Makes the cluster if there is none, then adopts its running server or starts one. The lock must be held. */
export async function obtainServer(setting: Setting): Promise<Server> {
  const { layout, log } = setting;
  const kept = await readPassword(setting.passwordFile);
  const password = kept ?? (await createPassword(setting.passwordFile));
  await prepareCluster(setting, password, kept === null);

  const running = await findRunning(layout.cluster, password, log);
  if (typeof running === 'number') {
    log(`adopted the PostgreSQL that runs on port ${running}`);
    await ensureDatabase(running, password);
    return { url: ownerUrl(running, password), port: running, adopted: true };
  }
  if (running === 'refused') await repairPassword(setting, password);
  const port = await startAnswering(setting, password);
  log(`PostgreSQL runs on port ${port}, files in ${layout.cluster}`);
  return { url: ownerUrl(port, password), port, adopted: false };
}

async function prepareCluster(setting: Setting, password: string, isNewPassword: boolean): Promise<void> {
  const { layout, binaries, now, log } = setting;
  if (isCluster(layout.cluster)) {
    await checkVersion(layout.cluster, binaries);
    if (layout.account !== null) await handOver(layout.cluster, layout.account);
    // The data directory was emptied, so what it left elsewhere belongs to nobody any more.
    const abandoned = layout.relocated && isNewPassword;
    if (!abandoned) return;
    await stopServer(layout, binaries);
  }
  await setAside(layout.cluster, now(), log);
  log(`making a PostgreSQL cluster in ${layout.cluster}`);
  await createCluster(layout, binaries, password, setting.durable);
}

async function startAnswering(setting: Setting, password: string): Promise<number> {
  const { layout, binaries, durable } = setting;
  try {
    const starting = startServer(layout, binaries, durable);
    setting.onStarting();
    let port = await starting;
    if ((await askServer(port, password, layout.cluster)) === 'refused') {
      await repairPassword(setting, password);
      port = await startServer(layout, binaries, durable);
    }
    await ensureDatabase(port, password);
    return port;
  } catch (error) {
    await stopServer(layout, binaries);
    throw error;
  }
}

/** The password file was lost or replaced: who owns the files may give the role the kept password again. */
async function repairPassword(
  { layout, binaries, isUsed, log, passwordFile }: Setting,
  password: string,
): Promise<void> {
  if (await isUsed()) {
    const problem = `${passwordFile} does not fit the running PostgreSQL; stop the other AgentDesk and start again`;
    throw new DeskError('database_unreachable', { problem });
  }
  log('the owner role does not take the kept password; setting it anew');
  await stopServer(layout, binaries);
  await resetPassword(layout, binaries, password);
}
