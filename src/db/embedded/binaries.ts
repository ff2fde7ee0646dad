import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { dirname, extname, join, relative } from 'node:path';
import { hasCode } from './errno.ts';
import type { PlatformPackage } from './platform.ts';
import { runProgram, type Account } from './run-program.ts';

/** Absolute paths of the programs, and the version they are of. */
export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
  /** The part of the version that decides whether a cluster can be opened: 18. */
  readonly major: number;
}

/**
 * Makes the package's programs usable by the account and returns them: in place when the account reaches them
 * and every library link is there or can be made, else in a copy.
 * @param copyTo directory for the copy; it is named after the version and kept
 * @throws the error of the copy or of the program when not even the copy runs
 */
export async function prepareBinaries(
  source: PlatformPackage,
  copyTo: string,
  account: Account | null,
  log: (message: string) => void,
): Promise<Binaries> {
  const linked = await restoreLinks(source.root);
  const inPlace = linked ? await tryBinaries(source.root, account) : null;
  if (inPlace !== null) return inPlace;
  const copy = join(copyTo, `postgres-programs-${source.version}`);
  if (!existsSync(copy)) {
    log(`copying PostgreSQL's programs to ${copy}`);
    await copyPrograms(source.root, copy);
  }
  return await useBinaries(copy, account);
}

/**
 * Makes the links between shared libraries that npm packages cannot carry and an install script should have
 * made. Returns false when the place does not let us.
 */
async function restoreLinks(root: string): Promise<boolean> {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  try {
    for (const { source, target } of links) await restoreLink(join(root, source), join(root, target));
    return true;
  } catch (error) {
    if (hasCode(error, 'EACCES', 'EPERM', 'EROFS')) return false;
    throw error;
  }
}

async function restoreLink(source: string, target: string): Promise<void> {
  try {
    await lstat(target);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    await symlink(relative(dirname(target), source), target).catch((reason: unknown) => {
      // Another process made it in the meantime.
      if (!hasCode(reason, 'EEXIST')) throw reason;
    });
  }
}

/** Copies under another name first, so that a copy cut off by a crash is never taken for a whole one. */
async function copyPrograms(root: string, copy: string): Promise<void> {
  const half = `${copy}.half-${randomBytes(4).toString('hex')}`;
  await mkdir(half, { recursive: true, mode: 0o755 });
  try {
    await cp(join(root, 'native'), join(half, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => extname(path) !== '.a',
    });
    await openToAll(half);
    await restoreLinks(half);
    await rename(half, copy);
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    throw error;
  }
}

/** A copy keeps the modes of its source, which may shut out the account that is to run it, or us. */
async function openToAll(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    if (entry.isFile()) await chmod(path, (await lstat(path)).mode & 0o100 ? 0o755 : 0o644);
  }
}

async function tryBinaries(root: string, account: Account | null): Promise<Binaries | null> {
  try {
    return await useBinaries(root, account);
  } catch (error) {
    if (account !== null && hasCode(error, 'EACCES')) return null;
    throw error;
  }
}

/** Running `postgres --version` shows at once that the account reaches the file and its libraries are found. */
async function useBinaries(root: string, account: Account | null): Promise<Binaries> {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const path = (name: string): string => join(root, 'native', 'bin', name + suffix);
  const { code, output } = await runProgram(path('postgres'), ['--version'], account);
  const major = Number(/\(PostgreSQL\) (\d+)/.exec(output)?.[1]);
  if (code !== 0 || Number.isNaN(major)) {
    throw new Error(`postgres --version says ${output.trim().slice(0, 200) || 'nothing'}`);
  }
  return { initdb: path('initdb'), pgCtl: path('pg_ctl'), postgres: path('postgres'), major };
}
