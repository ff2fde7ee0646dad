import { exportJWK, generateKeyPair, importJWK, SignJWT, type JWK, type JWTPayload } from 'jose';
import type { Database } from './client.ts';
import { and, eq, isNull, sql } from './drizzle.ts';
import { signingKeys } from './schema/records.ts';
import type { Keyring } from './seal.ts';

export interface Signer {
  readonly kid: string;
  readonly publicJwk: JWK;
  readonly privateJwk: JWK;
  /** A compact JWS (ES256) of these claims; `typ` keeps one kind of statement from passing as another. */
  sign(typ: string, claims: JWTPayload): Promise<string>;
}

/** Loads the process-independent signing key of a purpose; the first process to ask creates it. */
export async function loadSigner(
  database: Database,
  keyring: Keyring,
  purpose: 'desk' | 'door',
): Promise<Signer> {
  const row = await database.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`agentdesk-key-${purpose}`}))`);
    const [found] = await tx
      .select()
      .from(signingKeys)
      .where(and(eq(signingKeys.purpose, purpose), isNull(signingKeys.retiredAt)));
    if (found !== undefined) return found;
    const pair = await generateKeyPair('ES256', { extractable: true });
    const kid = crypto.randomUUID();
    const [created] = await tx
      .insert(signingKeys)
      .values({
        kid,
        purpose,
        publicJwk: { ...(await exportJWK(pair.publicKey)), kid, alg: 'ES256', use: 'sig' },
        privateSealed: keyring.seal(
          'desk-signing-key',
          [purpose, kid],
          JSON.stringify(await exportJWK(pair.privateKey)),
        ),
      })
      .returning();
    return created;
  });
  if (row === undefined) throw new Error('signing key was not stored');
  const privateJwk = JSON.parse(
    keyring.open('desk-signing-key', [purpose, row.kid], row.privateSealed),
  ) as JWK;
  const key = await importJWK(privateJwk, 'ES256');
  return {
    kid: row.kid,
    publicJwk: row.publicJwk as JWK,
    privateJwk,
    sign: (typ, claims) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ, kid: row.kid }).sign(key),
  };
}
