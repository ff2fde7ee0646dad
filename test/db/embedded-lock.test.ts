import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withLock } from '../../src/db/embedded/lock.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let root: string;
let file: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'agentdesk-lock-'));
  file = join(root, 'lock');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function hold<T>(work: () => Promise<T>): Promise<T> {
  return withLock(file, () => undefined, work);
}

async function contend(count: number): Promise<number> {
  let inside = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    inside += 1;
    most = Math.max(most, inside);
    await sleep(1);
    inside -= 1;
  };
  await Promise.all(Array.from({ length: count }, () => hold(work)));
  expect(readdirSync(root)).toEqual([]);
  return most;
}

test('one holder at a time', async () => {
  expect(await contend(5)).toBe(1);
});

test('a lock of a process that ended is taken over by one waiter at a time', async () => {
  const ended = spawn(process.execPath, ['--version']);
  await once(ended, 'exit');
  writeFileSync(file, JSON.stringify({ pid: ended.pid, born: '1', token: 'a'.repeat(24) }));
  expect(await contend(5)).toBe(1);
});

test('a lock of an earlier process with the same id is taken over', async () => {
  writeFileSync(file, JSON.stringify({ pid: process.pid, born: 'another life', token: 'b'.repeat(24) }));
  expect(await hold(() => Promise.resolve('done'))).toBe('done');
});

test('a lock file cut off by a crash is taken over once it is old', async () => {
  writeFileSync(file, '{"pid":');
  utimesSync(file, new Date(0), new Date(0));
  expect(await contend(3)).toBe(1);
});

test('the lock is given back when the work fails', async () => {
  await expect(hold(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(file)).toBe(false);
});
