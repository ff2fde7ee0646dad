import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const run = promisify(execFile);
const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');

/** Our own directory for the unpacked browser; its name changes with the package's version. */
async function browserDirectory(): Promise<string> {
  const manifest: { version: string } = JSON.parse(
    await readFile(join(dirname(entry), '../../package.json'), 'utf8'),
  );
  return join(tmpdir(), `agentdesk-chromium-${manifest.version}`);
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * Unpacks the browser once per machine and returns its directory. The package unpacks into the temporary
 * directory and takes a half-written file of another process for a whole one, so it works in a directory
 * of its own (a child process, because the place is read from its environment) that is renamed when done.
 * The child is told that it runs on Amazon Linux 2023: only then are the system libraries unpacked too.
 */
async function unpackBrowser(): Promise<string> {
  const home = await browserDirectory();
  if (await exists(join(home, 'chromium'))) return home;
  const staging = await mkdtemp(`${home}-`);
  const script = `import(process.argv[1]).then(async (m) => { await (m.default.default ?? m.default).executablePath(); })`;
  await run(process.execPath, ['-e', script, pathToFileURL(entry).href], {
    env: { PATH: '/usr/bin:/bin', TMPDIR: staging, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
  });
  await mkdir(join(staging, 'home'));
  await writeFontConfiguration(staging, home);
  try {
    await rename(staging, home);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    if (!(await exists(join(home, 'chromium')))) throw error; // another process was first: use its copy
  }
  return home;
}

/** Font configuration that names the unpacked fonts by their real path, and the machine's own if it has any. */
async function writeFontConfiguration(staging: string, home: string): Promise<void> {
  await writeFile(
    join(staging, 'fonts.conf'),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>${join(home, 'fonts')}</dir><dir>/usr/share/fonts</dir><cachedir>${join(home, 'font-cache')}</cachedir>
</fontconfig>\n`,
  );
}

/**
 * Opens a headless Chromium that came inside an npm package (Linux x64 only; nothing is downloaded).
 * The caller closes it. Elsewhere, use an installed Chrome: `chromium.launch({ channel: 'chrome' })`.
 * @throws when the machine's platform has no packaged browser and no Chrome is installed
 */
export async function openBrowser(): Promise<Browser> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return chromium.launch({ channel: 'chrome' });
  const home = await unpackBrowser();
  return chromium.launch({
    executablePath: join(home, 'chromium'),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--font-render-hinting=none'],
    env: {
      PATH: '/usr/bin:/bin',
      HOME: join(home, 'home'),
      LD_LIBRARY_PATH: join(home, 'al2023/lib'),
      FONTCONFIG_FILE: join(home, 'fonts.conf'),
    },
  });
}
