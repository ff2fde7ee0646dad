import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeskError } from '../../errors.ts';
import { hasCode } from './errno.ts';
import { inspectProcess } from './processes.ts';
import { askServer } from './session.ts';

/** What a running server keeps in `postmaster.pid` (src/include/utils/pidfile.h of PostgreSQL 18). */
interface Postmaster {
  readonly pid: number;
  /** Null in the first moments of a start. */
  readonly port: number | null;
  /** Id of the shared memory segment every process of this server is attached to. */
  readonly memory: number | null;
}

const POLL_MS = 50;
/** A server that recovers after a crash may take its time; every start checks the whole of it only once. */
const GIVE_UP_MS = 120_000;
/** Processes of a killed server notice its death by themselves, within moments unless they are deep in work. */
const ORPHANS_GIVE_UP_MS = 30_000;

/** Reads `postmaster.pid`; null when there is none, pid 0 when it is there but says nothing usable. */
export async function readPostmaster(cluster: string): Promise<Postmaster | null> {
  let text: string;
  try {
    text = await readFile(pidFile(cluster), 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
  const [pid, , , port, , , memory] = text.split('\n');
  return { pid: Number(pid) > 0 ? Number(pid) : 0, port: Number(port) || null, memory: readId(memory) };
}

/**
 * Finds out what an existing `postmaster.pid` stands for. Waits for a server of ours that is starting or
 * stopping; removes the file when its process is gone, a zombie or another program.
 * @returns the port of our running server; `refused` when it does not take the password; null when none runs
 * @throws DeskError database_unreachable when a server holds the cluster and does not answer
 */
export async function findRunning(
  cluster: string,
  password: string,
  log: (message: string) => void,
): Promise<number | 'refused' | null> {
  const giveUpAt = performance.now() + GIVE_UP_MS;
  for (;;) {
    const postmaster = await readPostmaster(cluster);
    if (postmaster === null) return null;
    if (!(await isServerOf(postmaster.pid, cluster))) {
      await removeStale(cluster, postmaster, log);
      return null;
    }
    const { pid, port } = postmaster;
    const answer = port === null ? 'silent' : await askServer(port, password, cluster);
    if (answer === 'ours') return port;
    if (answer === 'refused') return answer;
    if (performance.now() > giveUpAt) {
      const problem = `PostgreSQL process ${pid} holds ${cluster} and does not answer; stop it and start again`;
      throw new DeskError('database_unreachable', { problem });
    }
    await sleep(POLL_MS);
  }
}

/** Whether that process is a PostgreSQL server of this cluster, as far as the operating system lets us see. */
export async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  if (pid === 0) return false;
  const { state, command, directory } = await inspectProcess(pid);
  if (state !== 'alive') return false;
  // Unreadable means it may be ours: then only its silence, not our guess, decides.
  if (command === null) return true;
  const program = basename(command[0] ?? '').toLowerCase();
  if (program !== 'postgres' && program !== 'postgres.exe') return false;
  // A server's working directory is its cluster. Joined, because `ps` tears a path with spaces apart.
  if (directory !== null) return directory === cluster;
  return command.length === 1 || command.join(' ').includes(cluster);
}

async function removeStale(
  cluster: string,
  stale: Postmaster,
  log: (message: string) => void,
): Promise<void> {
  await awaitOrphans(cluster, stale);
  await rm(pidFile(cluster), { force: true });
  log(`removed a postmaster.pid of process ${stale.pid || 'unknown'}, which is no longer our PostgreSQL`);
}

/**
 * A killed server may leave processes that still write. The file we are about to remove is what keeps a new
 * server from joining them, so wait until nothing is attached to the old shared memory any more.
 */
async function awaitOrphans(cluster: string, { memory }: Postmaster): Promise<void> {
  const giveUpAt = performance.now() + ORPHANS_GIVE_UP_MS;
  while (memory !== null && (await countAttached(memory)) > 0) {
    if (performance.now() > giveUpAt) {
      const problem = `processes of a killed PostgreSQL still work on ${cluster}; end them and start again`;
      throw new DeskError('database_unreachable', { problem });
    }
    await sleep(POLL_MS);
  }
}

/** Linux lists the segments in a file: proc_sysvipc(5), columns shmid and nattch. Elsewhere nothing is known. */
async function countAttached(memory: number): Promise<number> {
  const list = '/proc/sysvipc/shm';
  if (!existsSync(list)) return 0;
  const rows = (await readFile(list, 'utf8')).split('\n').map((row) => row.trim().split(/\s+/));
  return Number(rows.find((row) => row[1] === String(memory))?.[6] ?? 0);
}

function readId(line: string | undefined): number | null {
  const id = line?.trim().split(/\s+/)[1];
  return id === undefined ? null : Number(id);
}

function pidFile(cluster: string): string {
  return join(cluster, 'postmaster.pid');
}
