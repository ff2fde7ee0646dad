import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { identifySelf, isStillRunning, type Identity } from './identity.ts';

/**
 * Who uses the server of a data directory, one small file each. `agentdesk doctor` beside a running AgentDesk
 * adopts its server and must not take it away again. Called only while the lock is held.
 */
export async function joinUsers(dataDir: string): Promise<string> {
  const directory = place(dataDir);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, `${process.pid}-${randomBytes(4).toString('hex')}.json`);
  await writeFile(file, JSON.stringify(await identifySelf()), { mode: 0o600 });
  return file;
}

/** Signs one use off. */
export async function leaveUsers(file: string): Promise<void> {
  await rm(file, { force: true });
}

/** How many uses are left; those of processes that died without signing off are forgotten. */
export async function countUsers(dataDir: string): Promise<number> {
  const directory = place(dataDir);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  let count = 0;
  for (const name of await readdir(directory)) {
    const file = join(directory, name);
    const user = parseUser(await readFile(file, 'utf8'));
    if (user !== null && (await isStillRunning(user))) count += 1;
    else await rm(file, { force: true });
  }
  return count;
}

/** Null for a file that a crash cut off. */
function parseUser(text: string): Identity | null {
  try {
    return JSON.parse(text) as Identity;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function place(dataDir: string): string {
  return join(dataDir, 'postgres.users');
}
