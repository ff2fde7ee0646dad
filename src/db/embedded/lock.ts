import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeskError } from '../../errors.ts';
import { hasCode } from './errno.ts';
import { identifySelf, isStillRunning, type Identity } from './identity.ts';

interface Holder extends Identity {
  /** Names this one holding of the lock, so that a stale lock is never confused with its successor. */
  readonly token: string;
}

const POLL_MS = 50;
const GIVE_UP_MS = 180_000;
/** A lock file is written in the instant it is made; one that is unreadable for longer was cut off by a crash. */
const UNREADABLE_MS = 5_000;

/**
 * Runs `work` while holding the lock file, so that one process at a time starts or stops a server. Waits for
 * another holder, and takes over from one that no longer runs.
 * @throws DeskError database_unreachable when another process holds the lock for three minutes
 */
export async function withLock<T>(
  file: string,
  log: (message: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const holder: Holder = { ...(await identifySelf()), token: randomBytes(12).toString('hex') };
  const giveUpAt = performance.now() + GIVE_UP_MS;
  let told = false;
  while (!create(file, JSON.stringify(holder))) {
    const other = read(file);
    if (other === 'gone') continue;
    if (await isStale(file, other)) {
      breakLock(file, other === 'unreadable' ? other : other.token);
      continue;
    }
    const pid = other === 'unreadable' ? 'unknown' : other.pid;
    if (performance.now() > giveUpAt) {
      const problem = `process ${pid} has been starting or stopping PostgreSQL for minutes; stop it and remove ${file}`;
      throw new DeskError('database_unreachable', { problem });
    }
    if (!told) log(`waiting for process ${pid}, which is starting or stopping PostgreSQL`);
    told = true;
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function create(file: string, text: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'wx', 0o600);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
  try {
    writeSync(descriptor, text);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
  return true;
}

function read(file: string): Holder | 'gone' | 'unreadable' {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as Holder | null;
    return holder !== null && /^[0-9a-f]{24}$/.test(holder.token) ? holder : 'unreadable';
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 'gone';
    if (error instanceof SyntaxError) return 'unreadable';
    throw error;
  }
}

async function isStale(file: string, holder: Holder | 'unreadable'): Promise<boolean> {
  if (holder === 'unreadable') return isOlderThan(file, UNREADABLE_MS);
  return !(await isStillRunning(holder));
}

function isOlderThan(file: string, milliseconds: number): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > milliseconds;
}

/**
 * Removes a stale lock. Two waiters may find the same stale lock; only who makes the break file for its token
 * may remove it, and only while the lock still carries that token. Else the slower one would remove the
 * lock that the quicker one has just taken. All synchronous, so only a kill can leave the break file behind.
 */
function breakLock(file: string, token: string): void {
  const breakFile = `${file}.${token}`;
  if (!create(breakFile, '')) {
    if (isOlderThan(breakFile, UNREADABLE_MS)) rmSync(breakFile, { force: true });
    return;
  }
  const holder = read(file);
  const same =
    holder === 'unreadable'
      ? token === holder && isOlderThan(file, UNREADABLE_MS)
      : holder !== 'gone' && holder.token === token;
  if (same) rmSync(file, { force: true });
  rmSync(breakFile, { force: true });
}
