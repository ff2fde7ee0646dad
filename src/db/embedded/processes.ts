import { readFile, readlink } from 'node:fs/promises';
import { hasCode } from './errno.ts';
import { runProgram } from './run-program.ts';

/** What the operating system says about one process id. */
interface ProcessFacts {
  readonly state: 'dead' | 'zombie' | 'alive';
  /** The command line; null when it cannot be read. */
  readonly command: readonly string[] | null;
  /** The working directory; null when it cannot be read. */
  readonly directory: string | null;
  /** Differs between two processes that had the same id one after the other; null when not known. */
  readonly born: string | null;
}

const DEAD: ProcessFacts = { state: 'dead', command: null, directory: null, born: null };

/** Looks a process up: in /proc on Linux, through `ps` or `tasklist` elsewhere. */
export async function inspectProcess(pid: number): Promise<ProcessFacts> {
  if (!isSignalable(pid)) return DEAD;
  if (process.platform === 'linux') return await inspectProc(pid);
  const windows = process.platform === 'win32';
  const { code, output } = windows
    ? await runProgram(
        'C:\\Windows\\System32\\tasklist.exe',
        ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'],
        null,
      )
    : await runProgram('/bin/ps', ['-ww', '-o', 'stat=,lstart=,command=', '-p', String(pid)], null);
  return windows ? readTasklist(output) : code === 0 ? readPs(output) : DEAD;
}

function isSignalable(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (hasCode(error, 'EPERM')) return true;
    if (hasCode(error, 'ESRCH')) return false;
    throw error;
  }
}

async function inspectProc(pid: number): Promise<ProcessFacts> {
  const stat = await unlessGone(readFile(`/proc/${pid}/stat`, 'utf8'));
  if (stat === null) return DEAD;
  // The name in parentheses may hold spaces, so fields are counted after it: proc_pid_stat(5), fields 3 and 22.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const commandLine = await unlessGone(readFile(`/proc/${pid}/cmdline`, 'utf8'));
  return {
    state: fields[0] === 'Z' || fields[0] === 'X' ? 'zombie' : 'alive',
    command: commandLine ? commandLine.replace(/\0+$/, '').split('\0') : null,
    directory: await unlessGone(readlink(`/proc/${pid}/cwd`)),
    born: fields[19] ?? null,
  };
}

async function unlessGone(reading: Promise<string>): Promise<string | null> {
  try {
    return await reading;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM')) return null;
    throw error;
  }
}

/** A line of `ps`: state, start time in five words, command. Arguments with spaces come apart; see isServerOf. */
function readPs(output: string): ProcessFacts {
  const [state = '', ...words] = output.trim().split(/\s+/);
  return {
    state: state.startsWith('Z') ? 'zombie' : 'alive',
    command: words.slice(5),
    directory: null,
    born: words.slice(0, 5).join(' '),
  };
}

function readTasklist(output: string): ProcessFacts {
  const image = /^"([^"]+)"/.exec(output.trim())?.[1];
  return image === undefined ? DEAD : { state: 'alive', command: [image], directory: null, born: null };
}
