import { createServer } from 'node:net';
import { chown, open, rename, stat } from 'node:fs/promises';
import { DeskError } from '../../errors.ts';
import type { Binaries } from './binaries.ts';
import { OWNER_ROLE } from './cluster.ts';
import { programFailure } from './failures.ts';
import type { Layout } from './layout.ts';
import { isServerOf, readPostmaster } from './postmaster.ts';
import { runProgram } from './run-program.ts';

const PORT_ATTEMPTS = 8;
const START_SECONDS = 120;
const STOP_SECONDS = 60;
const LOG_LIMIT = 8 * 1024 * 1024;

/**
 * Settings given at every start. The log carries no statement and no detail line, because those quote data.
 */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '64MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

/** Survives the death of any process, but not of the machine; commits still reach the operating system. */
const NOT_DURABLE = { fsync: 'off', full_page_writes: 'off' };

/**
 * Starts the server detached and waits until it takes connections.
 * @returns its port, a free one
 * @throws DeskError config_invalid with the reason PostgreSQL gave in its log
 */
export async function startServer(layout: Layout, binaries: Binaries, durable: boolean): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await findFreePort();
    const logStart = await prepareLog(layout);
    const settings = { port: String(port), ...SETTINGS, ...(durable ? {} : NOT_DURABLE) };
    const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
    const args = ['start', '-w', '-t', String(START_SECONDS), '-D', layout.cluster, '-l', layout.logFile];
    const { code, output } = await runProgram(
      binaries.pgCtl,
      [...args, '-o', options.join(' ')],
      layout.account,
    );
    if (code === 0) return port;
    const reason = output + (await readLog(layout.logFile, logStart));
    const taken = /could not bind|Address already in use/.test(reason);
    if (!taken || attempt === PORT_ATTEMPTS) throw programFailure('pg_ctl start', reason, layout.cluster);
  }
}

/**
 * Stops the server: open transactions are rolled back, everything committed is on the disk. Does nothing when it
 * has stopped already: pg_ctl signals whatever process has the id in `postmaster.pid`.
 */
export async function stopServer(layout: Layout, binaries: Binaries): Promise<void> {
  const postmaster = await readPostmaster(layout.cluster);
  if (postmaster === null || !(await isServerOf(postmaster.pid, layout.cluster))) return;
  const args = ['stop', '-m', 'fast', '-w', '-t', String(STOP_SECONDS), '-D', layout.cluster];
  const { code, output } = await runProgram(binaries.pgCtl, args, layout.account);
  if (code === 0 || /Is server running|does not exist/.test(output)) return;
  throw programFailure('pg_ctl stop', output, layout.cluster);
}

/** Gives the owner role another password, with the server down: the way back when the kept one was lost. */
export async function resetPassword(layout: Layout, binaries: Binaries, password: string): Promise<void> {
  const statement = `alter role ${OWNER_ROLE} password '${password}'\n`;
  const args = ['--single', '-D', layout.cluster, '-c', 'log_min_error_statement=panic', 'postgres'];
  const { code, output } = await runProgram(binaries.postgres, args, layout.account, statement);
  // Single-user mode ends with 0 whether or not the statement worked.
  if (code !== 0 || output.includes('ERROR:'))
    throw programFailure('postgres --single', output, layout.cluster);
}

/**
 * pg_ctl hands paths to a shell between double quotes, so characters that mean something there are refused.
 * @throws DeskError config_invalid
 */
export function checkPath(path: string): void {
  const forbidden = process.platform === 'win32' ? /["%\r\n]/ : /["$`\\\r\n]/;
  if (!forbidden.test(path)) return;
  const problem = `PostgreSQL cannot live in ${path}: its name has a quote, $, \` or \\. Choose another AGENTDESK_DATA_DIR.`;
  throw new DeskError('config_invalid', { problem });
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/** Makes the log file writable by the server alone and keeps it bounded; returns its length. */
async function prepareLog(layout: Layout): Promise<number> {
  const { logFile, account } = layout;
  const handle = await open(logFile, 'a', 0o600);
  const { size } = await handle.stat();
  await handle.close();
  if (size > LOG_LIMIT) {
    await rename(logFile, `${logFile}.old`);
    return await prepareLog(layout);
  }
  if (account !== null) await chown(logFile, account.uid, account.gid);
  return size;
}

async function readLog(file: string, from: number): Promise<string> {
  const { size } = await stat(file);
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read({
      buffer: Buffer.alloc(Math.min(size - from, 65_536)),
      position: from,
    });
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
