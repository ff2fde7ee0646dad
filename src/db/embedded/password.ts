import { randomBytes } from 'node:crypto';
import { chmod, open, readFile, rename } from 'node:fs/promises';
import { hasCode } from './errno.ts';

/** Reads the kept password of the owner role; null when there is none (or a crash left it empty). */
export async function readPassword(file: string): Promise<string | null> {
  try {
    const password = (await readFile(file, 'utf8')).trim();
    return /^[\w-]{20,}$/.test(password) ? password : null;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Draws a password (256 bits, no character that needs quoting) and keeps it before anything uses it. */
export async function createPassword(file: string): Promise<string> {
  const password = randomBytes(32).toString('base64url');
  await writePrivately(`${file}.new`, `${password}\n`);
  await rename(`${file}.new`, file);
  return password;
}

/** Writes a file only its owner can read, and has it on the disk before returning. */
export async function writePrivately(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  // The mode above counts only for a new file.
  await chmod(file, 0o600);
}
