import { readFileSync } from 'node:fs';
import { DeskError } from '../../errors.ts';

/**
 * The document of a file, as JSON; what is in it is not checked.
 * @throws DeskError `policy_invalid` when it cannot be read
 */
export function readDocument(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const code = (cause as { code?: unknown }).code;
    const problem = code === 'ENOENT' ? `there is no file ${file}` : `${file} cannot be read as JSON`;
    throw new DeskError('policy_invalid', { problem }, { cause });
  }
}
