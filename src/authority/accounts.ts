import { randomBytes } from 'node:crypto';
import { and, asc, eq, sql } from '../db/drizzle.ts';
import { connectedAccounts } from '../db/schema/authority.ts';
import type { AccountKey, AccountRow } from './account-row.ts';
import type { Context } from './context.ts';
import type { Connection, ProviderIdentity, ProviderTokens } from './providers/provider.ts';
import { sealTokens } from './sealed-tokens.ts';

const byKey = ({ subject, connection, id }: AccountKey) =>
  and(
    eq(connectedAccounts.id, id),
    eq(connectedAccounts.subject, subject),
    eq(connectedAccounts.connection, connection),
  );

/**
 * Stores what a consent gave. The same provider account of the same subject keeps its id; its tokens are
 * replaced and its scopes added to.
 * @returns null when there is no refresh token, new or stored, though this provider needs one
 */
export async function saveAccount(
  { database, keyring, now }: Context,
  owner: { readonly subject: string; readonly connection: Connection; readonly keepsAccessToken: boolean },
  identity: ProviderIdentity,
  tokens: ProviderTokens & { readonly scopes: readonly string[] },
): Promise<AccountRow | null> {
  const { subject, connection } = owner;
  return database.transaction(async (tx) => {
    // A row that does not exist yet cannot be locked, so its name is.
    const name = JSON.stringify([subject, connection, identity.providerId]);
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`);
    const [stored] = await tx
      .select()
      .from(connectedAccounts)
      .where(
        and(
          eq(connectedAccounts.subject, subject),
          eq(connectedAccounts.connection, connection),
          eq(connectedAccounts.providerId, identity.providerId),
        ),
      );
    if (!owner.keepsAccessToken && tokens.refreshToken === null && !stored?.refreshTokenSealed) return null;
    const id = stored?.id ?? `cac_${randomBytes(16).toString('base64url')}`;
    const values = {
      label: identity.label,
      emailVerified: identity.verifiedEmail,
      scopes: [...new Set([...(stored?.scopes ?? []), ...tokens.scopes])],
      ...sealTokens(keyring, { subject, connection, id }, tokens, now(), owner.keepsAccessToken),
    };
    const [saved] =
      stored === undefined
        ? await tx
            .insert(connectedAccounts)
            .values({ id, subject, connection, providerId: identity.providerId, createdAt: now(), ...values })
            .returning()
        : await tx.update(connectedAccounts).set(values).where(eq(connectedAccounts.id, id)).returning();
    return saved ?? null;
  });
}

export async function findAccount(
  { database }: Pick<Context, 'database'>,
  key: AccountKey,
): Promise<AccountRow | null> {
  const [row] = await database.db.select().from(connectedAccounts).where(byKey(key));
  return row ?? null;
}

export async function listAccounts(
  { database }: Pick<Context, 'database'>,
  subject: string,
): Promise<AccountRow[]> {
  return database.db
    .select()
    .from(connectedAccounts)
    .where(eq(connectedAccounts.subject, subject))
    .orderBy(asc(connectedAccounts.createdAt), asc(connectedAccounts.id));
}

/** @returns whether it was there */
export async function deleteAccount(
  { database }: Pick<Context, 'database'>,
  key: AccountKey,
): Promise<boolean> {
  const rows = await database.db
    .delete(connectedAccounts)
    .where(byKey(key))
    .returning({ id: connectedAccounts.id });
  return rows.length > 0;
}

/** An account as the My Account API shows it: no token, sealed or not. */
export function describeAccount(row: AccountRow): Record<string, unknown> {
  return {
    id: row.id,
    connection: row.connection,
    access_type: 'offline',
    scopes: row.scopes,
    created_at: row.createdAt.toISOString(),
    account: {
      provider_id: row.providerId,
      label: row.label,
      email: row.emailVerified,
      email_verified: row.emailVerified !== null,
    },
  };
}
