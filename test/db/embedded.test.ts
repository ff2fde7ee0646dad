import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/db/embedded/start.ts';

// Making a cluster takes a second or two, and much longer on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

interface Started {
  readonly url: string;
  readonly port: number;
  readonly adopted: boolean;
}

let root: string;
let dataDir: string;
const logged: string[] = [];
const servers: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'agentdesk-postgres-'));
  dataDir = join(root, 'data');
  mkdirSync(dataDir);
  // Else a test run as root would find every data directory out of PostgreSQL's reach.
  for (const directory of [root, dataDir]) chmodSync(directory, 0o711);
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const server of servers) await server.stop();
  rmSync(root, { recursive: true, force: true });
});

async function start(directory = dataDir): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({
    dataDir: directory,
    fallbackDir: join(root, 'away'),
    durable: false,
    log: (message) => logged.push(message),
  });
  servers.push(server);
  return server;
}

/** Starts in another process; that process then stays. */
async function startElsewhere(directory = dataDir): Promise<Started & { child: ChildProcess }> {
  const starter = join(import.meta.dirname, 'embedded-starter.ts');
  const child = spawn(process.execPath, [starter, directory, join(root, 'away')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    return { ...(JSON.parse(line) as Started), child };
  }
  throw new Error('the starter ended without a word');
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function ask<T = Record<string, string>>(url: string, text: string): Promise<T | undefined> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    const [row] = await sql.unsafe(text);
    return row as T | undefined;
  } finally {
    await sql.end();
  }
}

function postmasterFile(): string {
  return join(dataDir, 'postgres', 'postmaster.pid');
}

test('the first start makes a cluster that only the owner role can enter', async () => {
  const { url, port, adopted, stop } = await start();
  expect(adopted).toBe(false);
  expect(url).toMatch(new RegExp(`^postgres://agentdesk_owner:[\\w-]{43}@127.0.0.1:${port}/agentdesk$`));
  const settings = [
    'max_connections',
    'shared_buffers',
    'listen_addresses',
    'unix_socket_directories',
    'server_encoding',
  ];
  const columns = settings.map((name) => `current_setting('${name}') as ${name}`).join(', ');
  expect(await ask(url, `select current_user as role, ${columns}`)).toEqual({
    role: 'agentdesk_owner',
    max_connections: '200',
    shared_buffers: '64MB',
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    server_encoding: 'UTF8',
  });
  const locale = `select datlocprovider as provider, datlocale as locale, datcollate as collation
    from pg_database where datname = current_database()`;
  expect(await ask(url, locale)).toEqual({ provider: 'b', locale: 'C.UTF-8', collation: 'C' });
  await expect(ask(url.replace(/:[\w-]{43}@/, ':wrong@'), 'select 1')).rejects.toMatchObject({
    code: '28P01',
  });
  if (process.platform !== 'win32')
    expect(statSync(join(dataDir, 'postgres.password')).mode & 0o777).toBe(0o600);
  await ask(url, 'create table kept (word text)');
  await ask(url, `insert into kept values ('first')`);
  await stop();
  expect(existsSync(postmasterFile())).toBe(false);
  expect(existsSync(join(dataDir, 'postgres.lock'))).toBe(false);
});

test('of two starters at once one starts and one adopts, and the first to stop leaves the server running', async () => {
  const [here, elsewhere] = await Promise.all([start(), startElsewhere()]);
  expect([here.adopted, elsewhere.adopted].toSorted()).toEqual([false, true]);
  expect(elsewhere.url).toBe(here.url);
  await here.stop();
  expect(await ask(here.url, 'select word from kept')).toEqual({ word: 'first' });
  await kill(elsewhere.child);
});

test('the server of a killed process goes on and is adopted', async () => {
  const before = await startElsewhere();
  await kill(before.child);
  const after = await start();
  expect(after).toMatchObject({ adopted: true, port: before.port, url: before.url });
  expect(await ask(after.url, 'select word from kept')).toEqual({ word: 'first' });
  await after.stop();
  await expect(ask(after.url, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a killed server is started again with everything committed', async () => {
  const before = await start();
  await ask(before.url, `update kept set word = 'second'`);
  process.kill(Number(readFileSync(postmasterFile(), 'utf8').split('\n')[0]), 'SIGKILL');
  const after = await start();
  expect(after.adopted).toBe(false);
  expect(await ask(after.url, 'select word from kept')).toEqual({ word: 'second' });
  await before.stop();
  await after.stop();
});

test('a postmaster.pid that names another program, a zombie or nothing is removed', async () => {
  const program = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 60_000)']);
  // The shell becomes a program that never collects its ended child.
  const parent = spawn('/bin/sh', ['-c', 'true & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(program, parent);
  const [zombie] = (await once(parent.stdout, 'data')) as [Buffer];
  for (const pid of [String(program.pid), String(zombie).trim(), '']) {
    writeFileSync(postmasterFile(), pid === '' ? '' : `${pid}\n${join(dataDir, 'postgres')}\n1\n1\n\n\n`);
    const { url, adopted, stop } = await start();
    expect(adopted).toBe(false);
    expect(await ask(url, 'select word from kept')).toEqual({ word: 'second' });
    await stop();
  }
  expect(program.exitCode).toBe(null);
});

test('a lost or replaced password is set anew', async () => {
  const file = join(dataDir, 'postgres.password');
  const running = await start();
  rmSync(file);
  await expect(start()).rejects.toMatchObject({ code: 'database_unreachable' });
  await running.stop();
  const { url, stop } = await start();
  expect(url).not.toBe(running.url);
  expect(await ask(url, 'select word from kept')).toEqual({ word: 'second' });
  await stop();
  expect(readFileSync(join(dataDir, 'postgres.log'), 'utf8')).not.toContain(
    readFileSync(file, 'utf8').trim(),
  );
});

test('a cluster of another version is refused with what to do', async () => {
  const file = join(dataDir, 'postgres', 'PG_VERSION');
  const version = readFileSync(file, 'utf8');
  writeFileSync(file, '17\n');
  await expect(start()).rejects.toThrow(/made by PostgreSQL 17.*Dump it/);
  writeFileSync(file, version);
});

test('what a killed first start left behind is cleared away, and an unreachable path is avoided', async () => {
  const hidden = join(root, 'hidden');
  mkdirSync(hidden, { mode: 0o700 });
  mkdirSync(join(hidden, 'postgres'));
  writeFileSync(join(hidden, 'postgres', 'PG_VERSION'), '18\n');
  mkdirSync(join(hidden, 'postgres.init-0badcafe'));
  const { url, stop } = await start(hidden);
  const { directory } = (await ask(url, `select current_setting('data_directory') as directory`)) ?? {};
  if (process.getuid?.() === 0) {
    expect(directory).toMatch(new RegExp(`^${join(root, 'away')}/[0-9a-f]{16}/postgres$`));
  } else {
    expect(directory).toBe(join(hidden, 'postgres'));
    expect(readdirSync(hidden).filter((name) => name.includes('init-'))).toEqual([]);
    expect(readdirSync(hidden).filter((name) => name.startsWith('postgres.unused-'))).toHaveLength(1);
  }
  await stop();
});

test('a path that a shell would read differently is refused', async () => {
  await expect(start(join(root, 'a$HOME'))).rejects.toThrow(/Choose another AGENTDESK_DATA_DIR/);
});
