import {
  createPrivateKey,
  generateKeyPairSync,
  randomUUID,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import type { Database, Transaction } from '../../db/client.ts';
import type { Db } from '../../db/pool.ts';
import { and, asc, eq, isNull, sql } from '../../db/drizzle.ts';
import { signingKeys } from '../../db/schema/records.ts';
import type { Keyring } from '../../db/seal.ts';

/** Signs checkpoints. One key for all logs of a database; its name in a note is the log's origin. */
export interface LogSigner {
  readonly kid: string;
  /** The public key, 32 bytes. */
  readonly raw: Buffer;
  readonly privateKey: KeyObject;
}

/** The name of a log in its checkpoints. It is random, and no domain, which a chat would turn into a link. */
export function originOf(logId: string): string {
  return `agentdesk/log/${logId}`;
}

/** Loads the key that signs now; the first process to ask makes it. */
export async function loadLogSigner(database: Database, keyring: Keyring): Promise<LogSigner> {
  const row = await database.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('agentdesk-key-log'))`);
    const [found] = await tx
      .select()
      .from(signingKeys)
      .where(and(eq(signingKeys.purpose, 'log'), isNull(signingKeys.retiredAt)));
    return found ?? (await createKey(tx, keyring));
  });
  const jwk = JSON.parse(keyring.open('desk-signing-key', ['log', row.kid], row.privateSealed)) as JsonWebKey;
  return {
    kid: row.kid,
    raw: readRaw(row.publicJwk),
    privateKey: createPrivateKey({ key: jwk, format: 'jwk' }),
  };
}

async function createKey(tx: Transaction, keyring: Keyring): Promise<typeof signingKeys.$inferSelect> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const kid = randomUUID();
  const [created] = await tx
    .insert(signingKeys)
    .values({
      kid,
      purpose: 'log',
      publicJwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'EdDSA', use: 'sig' },
      privateSealed: keyring.seal(
        'desk-signing-key',
        ['log', kid],
        JSON.stringify(privateKey.export({ format: 'jwk' })),
      ),
    })
    .returning();
  if (created === undefined) throw new Error('the log key was not stored');
  return created;
}

/** Every public key that ever signed checkpoints, by kid, oldest first. */
export async function listLogKeys(reader: Pick<Db, 'select'>): Promise<Map<string, Buffer>> {
  const rows = await reader
    .select()
    .from(signingKeys)
    .where(eq(signingKeys.purpose, 'log'))
    .orderBy(asc(signingKeys.createdAt));
  return new Map(rows.map((row) => [row.kid, readRaw(row.publicJwk)]));
}

function readRaw(jwk: unknown): Buffer {
  return Buffer.from(String((jwk as JsonWebKey).x), 'base64url');
}
