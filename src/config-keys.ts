import { execFileSync } from 'node:child_process';
import type { Environment } from './config-readers.ts';

const TIMEOUT_MS = 30_000;

/** The keys that encrypt secrets at rest, first the one that seals; none = the key file. */
export function readKeys(from: Environment): Buffer[] {
  const command = from.text('AGENTDESK_KMS_COMMAND');
  const given = from.text('AGENTDESK_ENCRYPTION_KEY');
  if (command !== null && given !== null) {
    from.problems.push('AGENTDESK_ENCRYPTION_KEY and AGENTDESK_KMS_COMMAND exclude each other: unset one');
    return [];
  }
  const source = command === null ? 'AGENTDESK_ENCRYPTION_KEY' : 'What AGENTDESK_KMS_COMMAND prints';
  const text = command === null ? given : unwrap(from, command);
  const keys = (text?.split(',') ?? []).map((key) => readKey(key.trim()));
  if (keys.some((key) => key.length !== 32)) {
    from.problems.push(`${source} must be 32 bytes in base64 (or 64 hex digits)`);
  }
  return keys;
}

/** Node's decoder takes anything and stops where it ends; what is not wholly a key is none. */
function readKey(text: string): Buffer {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  return Buffer.from(/^[\w+/-]{43}=?$/.test(text) ? text : '', 'base64');
}

/**
 * Runs the command that unwraps the data key at a KMS: its words are separated by spaces and reach it as they are, since
 * no shell is in between. What it prints is the key; of what it complains nothing is repeated, it may quote the key.
 */
function unwrap(from: Environment, command: string): string | null {
  const [program = '', ...args] = command.split(/\s+/);
  try {
    return execFileSync(program, args, {
      encoding: 'utf8',
      timeout: TIMEOUT_MS,
      maxBuffer: 65_536,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch (error) {
    const { code, status } = error as { code?: unknown; status?: unknown };
    const why =
      typeof status === 'number'
        ? `ended with status ${status}`
        : `could not run (${String(code ?? 'killed')})`;
    from.problems.push(`AGENTDESK_KMS_COMMAND ${why}; run it by hand to see why`);
    return null;
  }
}
