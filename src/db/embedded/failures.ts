import { DeskError } from '../../errors.ts';
import { hasCode } from './errno.ts';

const LONGEST = 300;

/**
 * Turns whatever went wrong while files were laid out or programs ran into a sentence that names the fix.
 * @param place the directory PostgreSQL's files live in
 */
export function explainFailure(error: unknown, place: string): DeskError {
  if (error instanceof DeskError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const problem = hasCode(error, 'ENOSPC', 'EDQUOT') ? fullDisk(place) : explainText(text, error, place);
  return new DeskError('config_invalid', { problem }, { cause: error });
}

/** The same for the output or log of a PostgreSQL program that failed. */
export function programFailure(program: string, output: string, place: string): DeskError {
  return new DeskError('config_invalid', { problem: explainOutput(program, output, place) });
}

function explainOutput(program: string, output: string, place: string): string {
  if (/No space left on device|Disk quota exceeded|free disk space|wrote only \d+ of/i.test(output)) {
    return fullDisk(place);
  }
  // Usual in containers that run under a number of their own; initdb asks for the name behind it.
  const nameless = /could not look up effective user ID (\d+)/.exec(output)?.[1];
  if (nameless !== undefined) {
    return `PostgreSQL needs a user name and user ${nameless} has none. Add it to /etc/passwd, run as another user, or set DATABASE_URL.`;
  }
  return `\`${program}\` failed for ${place}: ${lastReason(output)}. Fix that and start again, or set DATABASE_URL.`;
}

function fullDisk(place: string): string {
  return `the disk that holds ${place} is full. Free some space and start again.`;
}

function explainText(text: string, error: unknown, place: string): string {
  if (hasCode(error, 'EACCES', 'EPERM', 'EROFS')) {
    return `PostgreSQL's files in ${place} cannot be used (${text}). Make it writable, or set AGENTDESK_DATA_DIR to a directory of yours.`;
  }
  if (hasCode(error, 'ENOENT', 'ENOEXEC') && text.startsWith('spawn')) {
    return `PostgreSQL's programs do not run here (${text}). They need glibc (not Alpine Linux); set DATABASE_URL to a PostgreSQL server instead.`;
  }
  return `PostgreSQL could not be started in ${place} (${text.slice(0, LONGEST)}). Fix that and start again, or set DATABASE_URL.`;
}

/** The last line that says why: PostgreSQL writes FATAL or PANIC, its tools `error:`. */
function lastReason(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const telling =
    lines.findLast((line) => /FATAL|PANIC|error:|could not/.test(line)) ?? lines.at(-1) ?? 'no output';
  const reason = telling.replace(/^.*?(?:FATAL|PANIC|error):\s*/, '');
  return reason.slice(0, LONGEST).replace(/\.$/, '');
}
