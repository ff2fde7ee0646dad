import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { desc, sql } from '../db/drizzle.ts';
import { authorityKeys } from '../db/schema/authority.ts';
import type { Context } from './context.ts';

const PURPOSE = 'authority-signing-key';

/** Any constant will do, as long as every process uses the same one. */
const KEY_LOCK = 7_204_417;

/**
 * The authority's ES256 keys, newest first (that one signs), private parts included. The first process makes
 * the first key under a lock; all others find it, so that any process can answer for another.
 */
export async function loadSigningKeys({ database, keyring }: Pick<Context, 'database' | 'keyring'>) {
  const rows = await database.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${KEY_LOCK})`);
    const found = await tx.select().from(authorityKeys).orderBy(desc(authorityKeys.createdAt));
    if (found.length > 0) return found;
    return tx
      .insert(authorityKeys)
      .values(await createKey(keyring))
      .returning();
  });
  return rows.map(
    ({ kid, privateSealed }): JWK => JSON.parse(keyring.open(PURPOSE, [kid], privateSealed)) as JWK,
  );
}

async function createKey(keyring: Context['keyring']) {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const bare = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(bare);
  const facts = { kid, alg: 'ES256', use: 'sig' };
  const secret = JSON.stringify({ ...(await exportJWK(privateKey)), ...facts });
  return { kid, publicJwk: { ...bare, ...facts }, privateSealed: keyring.seal(PURPOSE, [kid], secret) };
}
