import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { prepareBinaries } from '../../src/db/embedded/binaries.ts';
import { locatePlatformPackage, type PlatformPackage } from '../../src/db/embedded/platform.ts';
import { findServerAccount, isRoot } from '../../src/db/embedded/run-as.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let root: string;
let installed: PlatformPackage;
let links: string[];

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'agentdesk-programs-'));
  chmodSync(root, 0o711);
  const original = locatePlatformPackage();
  installed = { root: join(root, 'package'), version: original.version };
  cpSync(join(original.root, 'native'), join(installed.root, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  const list = join(installed.root, 'native', 'pg-symlinks.json');
  links = existsSync(list)
    ? (JSON.parse(readFileSync(list, 'utf8')) as { target: string }[]).map(({ target }) => target)
    : [];
});

afterAll(() => {
  chmodSync(join(installed.root, 'native', 'lib'), 0o755);
  rmSync(root, { recursive: true, force: true });
});

function removeLinks(): void {
  for (const link of links) rmSync(join(installed.root, link), { force: true });
}

function present(directory: string): string[] {
  return links.filter((link) => existsSync(join(directory, link)));
}

test('library links that an install script should have made are made', async () => {
  removeLinks();
  expect(present(installed.root)).toEqual([]);
  const { postgres, major } = await prepareBinaries(installed, root, null, () => undefined);
  expect(postgres.startsWith(installed.root)).toBe(true);
  expect(major).toBeGreaterThanOrEqual(18);
  expect(present(installed.root)).toEqual(links);
});

test('programs that cannot be completed or reached in place are copied once', async () => {
  removeLinks();
  const copies = join(root, 'copies');
  mkdirSync(copies);
  chmodSync(copies, 0o755);
  // Root may write anywhere, but the user it starts PostgreSQL as may not pass here; others may not write here.
  chmodSync(isRoot() ? installed.root : join(installed.root, 'native', 'lib'), isRoot() ? 0o700 : 0o555);
  const account = isRoot() ? await findServerAccount() : null;
  const messages: string[] = [];
  const prepare = () => prepareBinaries(installed, copies, account, (message) => messages.push(message));
  const { postgres } = await prepare();
  expect(postgres.startsWith(copies)).toBe(true);
  expect(present(join(copies, `postgres-programs-${installed.version}`))).toEqual(links);
  expect(await prepare()).toMatchObject({ postgres });
  expect(messages).toHaveLength(1);
});

test('a platform without a package is told what to do', () => {
  expect(() => locatePlatformPackage('sunos', 'sparc')).toThrow(/not installed.*set DATABASE_URL/);
});
