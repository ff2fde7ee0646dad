import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createKeyring, type Keyring } from '../db/seal.ts';
import type { Log } from '../telemetry.ts';

/** Makes the data directory, for its owner only. */
export function prepareDataDir(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
}

/** The keys that encrypt secrets at rest: those configured, else a key file in the data directory, with a warning. */
export function openKeyring(configured: readonly Buffer[], dataDir: string, log: Log): Keyring {
  if (configured.length > 0) return createKeyring(configured);
  const file = keyFileOf(dataDir);
  try {
    writeFileSync(file, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' });
    log.warn({ file }, 'AGENTDESK_ENCRYPTION_KEY is not set: made a key file; back it up with the database');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  chmodSync(file, 0o600);
  return createKeyring(readKeyFile(file));
}

/** The keys in a key file, one a line: the first seals, all open. */
export function readKeyFile(file: string): Buffer[] {
  return readFileSync(file, 'utf8')
    .split(/\s+/)
    .filter((line) => line !== '')
    .map((line) => Buffer.from(line, 'base64'));
}

/** Replaces what is in a key file, whole or not at all. */
export function writeKeyFile(file: string, keys: readonly Buffer[]): void {
  const fresh = `${file}.new`;
  writeFileSync(fresh, keys.map((key) => `${key.toString('base64')}\n`).join(''), { mode: 0o600 });
  renameSync(fresh, file);
}

export const keyFileOf = (dataDir: string): string => join(dataDir, 'encryption.key');
