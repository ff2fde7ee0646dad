import { eq } from '../db/drizzle.ts';
import { connectedAccounts } from '../db/schema/authority.ts';
import type { AccountRow } from './account-row.ts';
import type { Context } from './context.ts';
import { ProviderFailure } from './providers/failure.ts';
import type { Provider, ProviderTokens } from './providers/provider.ts';
import { openAccessToken, openRefreshToken, sealTokens } from './sealed-tokens.ts';

/** A kept token with less than this left is refreshed first. */
const MARGIN_MS = 60_000;

/** What is told of a token without an end: no call takes longer, and the desk keeps none. */
const ENDLESS_SECONDS = 3600;

interface AccessGrant {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly scopes: readonly string[];
}

/**
 * An access token of the account, for these scopes where the provider can narrow them.
 * @throws ProviderFailure
 */
export async function obtainAccessToken(
  context: Context,
  provider: Provider,
  account: AccountRow,
  scopes: readonly string[],
): Promise<AccessGrant> {
  if (provider.keepsAccessToken) return obtainKept(context, provider, account);
  const refreshToken = openRefreshToken(context.keyring, account);
  if (refreshToken === null) throw new ProviderFailure('refused', 'no refresh token is stored');
  return describe(await provider.refresh(refreshToken, scopes), scopes);
}

async function obtainKept(context: Context, provider: Provider, account: AccountRow): Promise<AccessGrant> {
  const kept = readKept(context, account);
  if (kept) return kept;
  // Refreshing uses the refresh token up, so processes take turns, and the row is read again once it is ours. The
  // transaction stays open for one request, and is not repeated as others are, because the request cannot be.
  return context.database.db.transaction(async (tx) => {
    const where = eq(connectedAccounts.id, account.id);
    const [row] = await tx.select().from(connectedAccounts).where(where).for('update');
    if (row === undefined) throw new ProviderFailure('refused', 'the account was removed');
    const refreshedMeanwhile = readKept(context, row);
    if (refreshedMeanwhile) return refreshedMeanwhile;
    const refreshToken = openRefreshToken(context.keyring, row);
    if (refreshToken === null) throw new ProviderFailure('refused', 'the token ran out');
    const tokens = await provider.refresh(refreshToken, []);
    await tx
      .update(connectedAccounts)
      .set(sealTokens(context.keyring, row, tokens, context.now(), true))
      .where(where);
    return describe(tokens, row.scopes);
  });
}

function readKept({ keyring, now }: Context, row: AccountRow): AccessGrant | null {
  const left = row.accessExpiresAt === null ? Infinity : row.accessExpiresAt.getTime() - now().getTime();
  const accessToken = left > MARGIN_MS ? openAccessToken(keyring, row) : null;
  if (accessToken === null) return null;
  const expiresIn = left === Infinity ? ENDLESS_SECONDS : Math.floor(left / 1000);
  return { accessToken, expiresIn, scopes: row.scopes };
}

function describe(tokens: ProviderTokens, scopes: readonly string[]): AccessGrant {
  return {
    accessToken: tokens.accessToken,
    expiresIn: tokens.expiresIn ?? ENDLESS_SECONDS,
    scopes: tokens.scopes ?? scopes,
  };
}
