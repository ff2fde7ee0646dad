import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isManifestSigned, manifestSchema, type Manifest } from '../export/manifest.ts';
import {
  fingerprint,
  isSignedBy,
  readCheckpoint,
  readKeyLine,
  type Checkpoint,
  type LogKey,
} from '../log/note.ts';
import { readLines } from './lines.ts';

/** What an export says of itself, as far as it can be read. */
export interface ReadExport {
  readonly manifest: Manifest;
  /** Its own keys; nothing shows yet that they are the desk's. */
  readonly keys: readonly LogKey[];
  /** Smallest first; all signed by one of the keys. */
  readonly checkpoints: readonly Checkpoint[];
  /** The key that signed the newest checkpoint. */
  readonly signer: LogKey;
}

/** @returns a sentence when the export cannot be read or its signatures do not hold */
export function readExport(dir: string): ReadExport | string {
  const text = readText(dir, 'manifest.json');
  if (text === null) {
    return existsSync(join(dir, 'export.state.json'))
      ? 'the export is not finished: run agentdesk audit export again with the same options'
      : 'manifest.json is missing';
  }
  const parsed = manifestSchema.safeParse(parse(text));
  if (!parsed.success) return 'manifest.json is not a manifest: it was altered';
  const manifest = parsed.data;
  const keys = (readText(dir, 'keys.txt') ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map(readKeyLine);
  const known = keys.filter((key) => key !== null && key.name === manifest.origin) as LogKey[];
  if (known.length === 0 || known.length < keys.length)
    return 'keys.txt has a line that is no key of this log: it was altered';
  const checkpoints = readCheckpoints(dir, manifest, known);
  if (typeof checkpoints === 'string') return checkpoints;
  const newest = checkpoints.at(-1);
  const signer = newest && known.find((key) => isSignedBy(newest.text, newest.signatures, key));
  if (newest === undefined || signer === undefined) return 'checkpoints.jsonl is empty or missing';
  if (newest.size !== manifest.size) {
    return `checkpoints.jsonl ends with ${newest.size} events, manifest.json says ${manifest.size}: one was altered or cut`;
  }
  const signature = readText(dir, 'manifest.sig') ?? '';
  if (!known.some((key) => isManifestSigned(text, manifest.origin, signature, key))) {
    return 'manifest.json does not fit manifest.sig: one of them was altered, or the key in keys.txt was replaced';
  }
  return { manifest, keys: known, checkpoints, signer };
}

function readCheckpoints(dir: string, { origin }: Manifest, keys: readonly LogKey[]): Checkpoint[] | string {
  const lines = readLines(join(dir, 'checkpoints.jsonl'));
  const found: Checkpoint[] = [];
  for (let line = lines.next(); line !== null; line = lines.next()) {
    const where = `checkpoints.jsonl line ${lines.number()}`;
    const { size, note } = (parse(line) ?? {}) as { size?: unknown; note?: unknown };
    const checkpoint = typeof note === 'string' ? readCheckpoint(note) : null;
    if (checkpoint === null || checkpoint.size !== size)
      return `${where} is not a checkpoint: it was altered`;
    if (checkpoint.origin !== origin) return `${where} is of another log`;
    if (checkpoint.size <= (found.at(-1)?.size ?? 0)) return `${where} is out of order or stands there twice`;
    if (!keys.some((key) => isSignedBy(checkpoint.text, checkpoint.signatures, key))) {
      const ids = keys.map(({ raw }) => fingerprint(raw)).join(', ');
      return `${where}: the signature is not by the key in keys.txt (${ids}): checkpoint or key was replaced`;
    }
    found.push(checkpoint);
  }
  lines.close();
  return found;
}

function readText(dir: string, file: string): string | null {
  const path = join(dir, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
