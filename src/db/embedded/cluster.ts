import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DeskError } from '../../errors.ts';
import type { Binaries } from './binaries.ts';
import { programFailure } from './failures.ts';
import type { Layout } from './layout.ts';
import { writePrivately } from './password.ts';
import { runProgram } from './run-program.ts';

/** The role that owns the cluster, the database and every table in it. */
export const OWNER_ROLE = 'agentdesk_owner';

const HALF = 'postgres.init-';

/**
 * Makes the cluster. It is made under another name and renamed when whole, so that one cut off in the middle is
 * never taken for a cluster; the leftovers of such a one are removed.
 * @param durable false leaves out waiting for the disk (tests)
 * @throws DeskError config_invalid when initdb fails
 */
export async function createCluster(
  layout: Layout,
  binaries: Binaries,
  password: string,
  durable: boolean,
): Promise<void> {
  await removeHalfMade(layout.base);
  const half = join(layout.base, HALF + randomBytes(4).toString('hex'));
  await mkdir(half, { mode: 0o700 });
  const passwordFile = `${half}.password`;
  try {
    await writePrivately(passwordFile, `${password}\n`);
    if (layout.account !== null) {
      for (const path of [half, passwordFile]) await chown(path, layout.account.uid, layout.account.gid);
    }
    const args = ['--pgdata', half, '--username', OWNER_ROLE, '--pwfile', passwordFile];
    args.push('--auth-host=scram-sha-256', '--auth-local=reject', '--no-instructions');
    args.push('--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8');
    if (!durable) args.push('--no-sync');
    const { code, output } = await runProgram(binaries.initdb, args, layout.account);
    if (code !== 0) throw programFailure('initdb', output, layout.base);
    await rename(half, layout.cluster);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(half, { recursive: true, force: true });
  }
}

async function removeHalfMade(base: string): Promise<void> {
  for (const name of await readdir(base)) {
    if (!name.startsWith(HALF)) continue;
    // The initdb of a killed process may still be at work in there; without its files it soon ends.
    await rm(join(base, name), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

/** Renames a directory that cannot be used as it is; nothing of it is deleted. */
export async function setAside(directory: string, now: Date, log: (message: string) => void): Promise<void> {
  if (!existsSync(directory)) return;
  if ((await readdir(directory)).length === 0) {
    await rmdir(directory);
    return;
  }
  const aside = `${directory}.unused-${now.toISOString().replace(/\D/g, '').slice(0, 17)}`;
  await rename(directory, aside);
  log(`${directory} was not usable and is now ${aside}; remove it if you do not need it`);
}

/** @throws DeskError config_invalid when another major version made the cluster */
export async function checkVersion(cluster: string, binaries: Binaries): Promise<void> {
  const found = (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim();
  if (found === String(binaries.major)) return;
  const problem =
    `${cluster} was made by PostgreSQL ${found}, and this AgentDesk brings ${binaries.major}. ` +
    'Dump it with the AgentDesk that made it and restore it into a new data directory.';
  throw new DeskError('config_invalid', { problem });
}
