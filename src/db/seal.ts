import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { DeskError } from '../errors.ts';

/** What a sealed value is for. Each purpose has a key of its own, so that none opens another's values. */
export type SealPurpose =
  | 'slack-installation'
  | 'desk-signing-key'
  | 'connect-session'
  | 'connect-link'
  | 'subject-token'
  | 'strong-link'
  | 'passkey'
  | 'tenant-device'
  | 'device-request'
  | 'device-proof'
  | 'authority-signing-key'
  | 'provider-token'
  | 'sameness'
  | 'call-decision'
  | 'policy-head'
  | 'database-login';

/**
 * Where a sealed value stands: workspace, member, account, column… It is authenticated with the value
 * (AES-GCM's AAD), so a value copied to another row does not open.
 */
export type SealPlace = readonly string[];

export interface Keyring {
  /** Id of the key that seals. */
  readonly currentId: string;
  /** Whether we have the key that sealed this value. */
  knows(sealed: string): boolean;
  seal(purpose: SealPurpose, place: SealPlace, plaintext: string): string;
  /** @throws DeskError `internal` when the value was altered, moved, or its key is unknown */
  open(purpose: SealPurpose, place: SealPlace, sealed: string): string;
  /** A key for keyed hashes of that purpose (32 bytes), stable while the first master key stays. */
  derive(purpose: SealPurpose): Buffer;
  /** HMAC-SHA-256 over `bytes` under the purpose's key. */
  mac(purpose: SealPurpose, bytes: Buffer): Buffer;
  /** Whether `mac` was made by {@link Keyring.mac}, under any master key; in constant time. */
  isMac(purpose: SealPurpose, bytes: Buffer, mac: Buffer): boolean;
}

/** The id of a key, as it stands in what it sealed: a digest, which tells nothing of it. */
export function nameKey(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}

/**
 * @param masters 32-byte keys; the first seals, all open. Key ids are digests, so the order may change.
 */
export function createKeyring(masters: readonly Buffer[]): Keyring {
  const byId = new Map(masters.map((key) => [nameKey(key), key]));
  const first = byId.entries().next().value;
  if (first === undefined) throw new DeskError('config_invalid', { problem: 'no encryption key' });
  const [currentId, current] = first;
  return {
    currentId,
    knows: (sealed) => byId.has(sealed.split('.')[1] ?? ''),
    seal(purpose, place, plaintext) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', deriveKey(current, purpose), iv);
      cipher.setAAD(describePlace(purpose, currentId, place));
      const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
      return ['v1', currentId, Buffer.concat([iv, body, cipher.getAuthTag()]).toString('base64url')].join(
        '.',
      );
    },
    open(purpose, place, sealed) {
      const [version, keyId, text] = sealed.split('.');
      const master = byId.get(keyId ?? '');
      if (version !== 'v1' || master === undefined || text === undefined) {
        throw new DeskError('internal', { reference: 'sealed value of an unknown key' });
      }
      const bytes = Buffer.from(text, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', deriveKey(master, purpose), bytes.subarray(0, 12));
      decipher.setAAD(describePlace(purpose, keyId ?? '', place));
      decipher.setAuthTag(bytes.subarray(-16));
      try {
        return decipher.update(bytes.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8');
      } catch (cause) {
        throw new DeskError('internal', { reference: 'sealed value was altered or moved' }, { cause });
      }
    },
    derive: (purpose) => deriveKey(current, purpose),
    mac: (purpose, bytes) => computeMac(current, purpose, bytes),
    isMac(purpose, bytes, mac) {
      return [...byId.values()].some((master) => {
        const expected = computeMac(master, purpose, bytes);
        return expected.length === mac.length && timingSafeEqual(expected, mac);
      });
    },
  };
}

function deriveKey(master: Buffer, purpose: SealPurpose): Buffer {
  return Buffer.from(hkdfSync('sha256', master, 'agentdesk', purpose, 32));
}

function computeMac(master: Buffer, purpose: SealPurpose, bytes: Buffer): Buffer {
  return createHmac('sha256', deriveKey(master, purpose)).update(bytes).digest();
}

function describePlace(purpose: SealPurpose, keyId: string, place: SealPlace): Buffer {
  return Buffer.from(JSON.stringify(['agentdesk/seal/1', purpose, keyId, ...place]));
}
