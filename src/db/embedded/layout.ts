import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, lchown, lstat, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DeskError } from '../../errors.ts';
import { canEnter, findServerAccount, isRoot } from './run-as.ts';
import type { Account } from './run-program.ts';

/** Where the files of one embedded server are, and who owns them. */
export interface Layout {
  /** Directory of the cluster, the log and, if one is needed, the copy of the programs. */
  readonly base: string;
  readonly cluster: string;
  readonly logFile: string;
  /** The user PostgreSQL runs as; null for our own. */
  readonly account: Account | null;
  /** True when the files are outside the data directory, because the account cannot enter that. */
  readonly relocated: boolean;
}

/** A cluster has this file from the end of initdb's first phase on; the server does not start without it. */
export function isCluster(directory: string): boolean {
  return existsSync(join(directory, 'global', 'pg_control'));
}

/**
 * Decides where the cluster lives. An existing cluster stays where it is, whatever has changed around it:
 * looking for it elsewhere would show an empty database.
 * @param dataDir real path of the data directory
 * @param fallbackDir directory for clusters whose data directory the account cannot enter
 * @throws DeskError config_invalid when an existing cluster is out of the account's reach
 */
export async function chooseLayout(dataDir: string, fallbackDir: string): Promise<Layout> {
  const own = layoutAt(dataDir, null, false);
  if (!isRoot()) return own;
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  const away = layoutAt(join(fallbackDir, name), null, true);
  const existing = isCluster(own.cluster) ? own : isCluster(away.cluster) ? away : null;
  const account = (existing && (await findOwner(existing.cluster))) ?? (await findServerAccount());
  if (existing !== null) {
    if (!(await canEnter(account, existing.base))) throw outOfReach(existing.cluster, account);
    return { ...existing, account };
  }
  if (await canEnter(account, dataDir)) return { ...own, account };
  await mkdir(away.base, { recursive: true });
  // Not left to the umask: the account must get in.
  for (const directory of [fallbackDir, away.base]) await chmod(directory, 0o755);
  if (!(await canEnter(account, away.base))) throw outOfReach(away.base, account);
  return { ...away, account };
}

/** Hands a cluster that root owns (a restored or copied directory) over to the account. */
export async function handOver(directory: string, account: Account): Promise<void> {
  if ((await stat(directory)).uid !== 0) return;
  for (const entry of await readdir(directory, { recursive: true })) {
    await lchown(join(directory, entry), account.uid, account.gid);
  }
  await chown(directory, account.uid, account.gid);
}

function layoutAt(base: string, account: Account | null, relocated: boolean): Layout {
  return { base, cluster: join(base, 'postgres'), logFile: join(base, 'postgres.log'), account, relocated };
}

/** An ordinary user made the cluster before: PostgreSQL goes on as that user. */
async function findOwner(directory: string): Promise<Account | null> {
  const { uid, gid } = await lstat(directory);
  return uid === 0 ? null : { name: `user ${uid}`, uid, gid };
}

function outOfReach(path: string, account: Account): DeskError {
  const problem =
    `PostgreSQL's files are in ${path}, which ${account.name} cannot enter. ` +
    'Give every directory above it the mode o+x, or set AGENTDESK_DATA_DIR or DATABASE_URL.';
  return new DeskError('config_invalid', { problem });
}
