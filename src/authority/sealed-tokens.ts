import type { Keyring, SealPlace } from '../db/seal.ts';
import type { AccountKey, AccountRow } from './account-row.ts';
import type { ProviderTokens } from './providers/provider.ts';

type Column = 'refresh_token' | 'access_token';

/** A sealed token opens in its own row and column only. */
const placeOf = ({ subject, connection, id }: AccountKey, column: Column): SealPlace => [
  subject,
  connection,
  id,
  column,
];

/**
 * Columns to write for new tokens. Without a refresh token the stored one stays.
 * @param keepsAccessToken false leaves the access token out: what is refreshed each time need not be stored
 */
export function sealTokens(
  keyring: Keyring,
  key: AccountKey,
  tokens: ProviderTokens,
  now: Date,
  keepsAccessToken: boolean,
) {
  const seal = (column: Column, token: string): string =>
    keyring.seal('provider-token', placeOf(key, column), token);
  return {
    ...(tokens.refreshToken === null
      ? {}
      : { refreshTokenSealed: seal('refresh_token', tokens.refreshToken) }),
    ...(keepsAccessToken
      ? {
          accessTokenSealed: seal('access_token', tokens.accessToken),
          accessExpiresAt:
            tokens.expiresIn === null ? null : new Date(now.getTime() + tokens.expiresIn * 1000),
        }
      : {}),
  };
}

export function openRefreshToken(keyring: Keyring, row: AccountRow): string | null {
  const sealed = row.refreshTokenSealed;
  return sealed === null ? null : keyring.open('provider-token', placeOf(row, 'refresh_token'), sealed);
}

export function openAccessToken(keyring: Keyring, row: AccountRow): string | null {
  const sealed = row.accessTokenSealed;
  return sealed === null ? null : keyring.open('provider-token', placeOf(row, 'access_token'), sealed);
}
