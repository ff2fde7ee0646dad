import { DeskError } from '../../errors.ts';
import { runProgram, type Account } from './run-program.ts';

/** PostgreSQL refuses to run as root; these are the users it runs as then, in order of preference. */
const USERS = ['postgres', 'nobody'];

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * The user PostgreSQL runs as when AgentDesk runs as root.
 * @throws DeskError config_invalid when the machine has neither of the known users
 */
export async function findServerAccount(): Promise<Account> {
  for (const name of USERS) {
    const [uid, gid] = await Promise.all([askId('-u', name), askId('-g', name)]);
    if (uid !== null && gid !== null && uid !== 0) return { name, uid, gid };
  }
  const problem =
    'AgentDesk runs as root and there is no user `postgres` or `nobody` for PostgreSQL. ' +
    'Run AgentDesk as an ordinary user, or set DATABASE_URL.';
  throw new DeskError('config_invalid', { problem });
}

async function askId(flag: '-u' | '-g', name: string): Promise<number | null> {
  const { code, output } = await runProgram('id', [flag, name], null);
  return code === 0 && /^\d+\s*$/.test(output) ? Number(output) : null;
}

/** Whether the user can enter the directory; tried out, because mode bits do not tell of access lists. */
export async function canEnter(account: Account, directory: string): Promise<boolean> {
  const { code } = await runProgram('/bin/sh', ['-c', 'cd -- "$1"', 'sh', directory], account);
  return code === 0;
}
