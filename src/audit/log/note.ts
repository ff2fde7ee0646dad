import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import type { Hash } from './merkle.ts';

/** Ed25519 in a signed note (C2SP signed-note, "Signature types"). */
const ED25519 = 0x01;

/** A public key by which a log signs: as signed notes name it. */
export interface LogKey {
  /** The key's name: the origin line of the log. */
  readonly name: string;
  /** 32 bytes (RFC 8032). */
  readonly raw: Buffer;
}

export interface Checkpoint {
  readonly origin: string;
  /** Leaves in the tree. */
  readonly size: number;
  readonly root: Hash;
  /** What is signed: three lines, each with its end. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface NoteSignature {
  readonly name: string;
  /** 4 bytes, hex. */
  readonly keyId: string;
  readonly signature: Buffer;
}

/** A checkpoint's text (C2SP tlog-checkpoint): origin, size, root. */
export function writeCheckpoint(origin: string, size: number, root: Hash): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/** A note: the text, an empty line, one signature line (C2SP signed-note). */
export function signNote(text: string, key: LogKey, privateKey: KeyObject): string {
  const signature = sign(null, Buffer.from(text), privateKey);
  return `${text}\n— ${key.name} ${Buffer.concat([Buffer.from(keyId(key), 'hex'), signature]).toString('base64')}\n`;
}

/** The first 4 bytes of sha256(name ‖ newline ‖ 0x01 ‖ key), hex. */
export function keyId(key: LogKey): string {
  const input = Buffer.concat([Buffer.from(`${key.name}\n`), Buffer.of(ED25519), key.raw]);
  return createHash('sha256').update(input).digest('hex').slice(0, 8);
}

/** `sha256:` and 64 hex digits over the raw key: what people compare. */
export function fingerprint(raw: Buffer): string {
  return `sha256:${createHash('sha256').update(raw).digest('hex')}`;
}

/** A key as one line: `name+id+base64(0x01 ‖ key)`, as tools for signed notes write it. */
export function writeKeyLine(key: LogKey): string {
  return `${key.name}+${keyId(key)}+${Buffer.concat([Buffer.of(ED25519), key.raw]).toString('base64')}`;
}

/** @returns null when the line is no Ed25519 key, or its id is not that of the key */
export function readKeyLine(line: string): LogKey | null {
  const [, name, id, text] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(line) ?? [];
  if (name === undefined || text === undefined) return null;
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== 33 || bytes[0] !== ED25519 || bytes.toString('base64') !== text) return null;
  const key = { name, raw: bytes.subarray(1) };
  return keyId(key) === id ? key : null;
}

/** Whether one of the signatures is the key's, over exactly this text. */
export function isSignedBy(text: string, signatures: readonly NoteSignature[], key: LogKey): boolean {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.raw.toString('base64url') };
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
  const id = keyId(key);
  return signatures.some(
    (one) =>
      one.name === key.name && one.keyId === id && verify(null, Buffer.from(text), publicKey, one.signature),
  );
}

/** The signature lines at the end of a note. */
export function readSignatures(note: string): NoteSignature[] {
  return [...note.matchAll(/^— (\S+) ([A-Za-z0-9+/]+=*)$/gmu)].map(([, name, text]) =>
    toSignature(name ?? '', text ?? ''),
  );
}

function toSignature(name: string, base64: string): NoteSignature {
  const bytes = Buffer.from(base64, 'base64');
  return { name, keyId: bytes.subarray(0, 4).toString('hex'), signature: bytes.subarray(4) };
}

/** @returns null unless the text is a checkpoint to the letter */
export function readCheckpoint(note: string): Checkpoint | null {
  const [, text, origin, size, root] =
    /^((\S+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n)\n(?:— \S+ [A-Za-z0-9+/]+=*\n)+$/u.exec(note) ??
    [];
  if (text === undefined || origin === undefined || root === undefined) return null;
  const hash = Buffer.from(root, 'base64');
  if (hash.toString('base64') !== root || !Number.isSafeInteger(Number(size))) return null;
  return { origin, size: Number(size), root: hash, text, signatures: readSignatures(note) };
}

/**
 * A checkpoint out of what somebody pasted: code fences, quote marks, links and joined or indented lines of a chat do
 * not matter, and neither does what became of the dash.
 */
export function findCheckpoint(pasted: string): Checkpoint | null {
  const plain = pasted.replace(/<[^|>\s]*\|([^>]*)>/g, '$1').replace(/[`>*\u200b\ufeff]/g, ' ');
  const [, origin, size, root] =
    /(?:^|\s)(\S+)\s+(0|[1-9][0-9]{0,15})\s+([A-Za-z0-9+/]{43}=)(?=\s)/u.exec(plain) ?? [];
  const lines = [...plain.matchAll(/(?:^|\s)(?:—|–|-{1,3})\s*(\S+)\s+([A-Za-z0-9+/]{60,}={0,2})(?=\s|$)/gu)];
  if (origin === undefined || root === undefined || lines.length === 0) return null;
  const signatures = lines.map(([, name, text]) => `— ${name ?? ''} ${text ?? ''}\n`).join('');
  return readCheckpoint(`${origin}\n${size}\n${root}\n\n${signatures}`);
}
