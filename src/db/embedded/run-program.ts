import { spawn } from 'node:child_process';
import { parse } from 'node:path';

/** A user of the operating system; `null` stands for the user who runs AgentDesk. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

interface ProgramResult {
  /** Exit code, or null when a signal ended the program. */
  readonly code: number | null;
  /** Standard output and standard error together, in order of arrival. */
  readonly output: string;
}

/** How long output may trickle in after the exit: a server left behind can keep the pipe open (Windows). */
const OUTPUT_GRACE_MS = 500;

/**
 * Runs a program to its end as the given user, with nothing of our own environment handed down.
 * @param input text for standard input
 * @throws the spawn error (ENOENT, EACCES, EPERM) when the program cannot be started at all
 */
export function runProgram(
  program: string,
  args: readonly string[],
  account: Account | null,
  input = '',
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      // The root: the user may not be able to enter our own working directory.
      cwd: parse(program).root || '/',
      env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' },
      ...(account === null ? {} : { uid: account.uid, gid: account.gid }),
      windowsHide: true,
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    // A program that never reads its input closes the pipe; its exit code tells the rest.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
    child.once('exit', (code) => {
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
        resolve({ code, output });
      }, OUTPUT_GRACE_MS).unref();
    });
  });
}
