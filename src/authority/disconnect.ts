import { z } from 'zod';
import { obtainAccessToken } from './access-token.ts';
import type { AccountRow } from './account-row.ts';
import { deleteAccount, listAccounts } from './accounts.ts';
import type { Context } from './context.ts';
import { findOpenLease } from './leases.ts';
import { ProviderFailure } from './providers/failure.ts';
import { CONNECTIONS, type Provider } from './providers/provider.ts';
import { problem, type Reply } from './reply.ts';
import { openRefreshToken } from './sealed-tokens.ts';

/**
 * DELETE /me/v1/connected-accounts/accounts/{id}: revokes at the provider, then forgets. Auth0 only forgets. While the
 * provider cannot be told the tokens stay, for another try; no exchange gets at them, since the desk has no lease for
 * an account it disconnected.
 * @param leaseId an open `disconnect` lease of the account
 * @param giveUp forgets the tokens whatever the provider says; the answer tells
 */
export async function disconnectAccount(
  context: Context,
  subject: string,
  id: string,
  leaseId: string | null,
  giveUp: boolean,
): Promise<Reply> {
  const account = (await listAccounts(context, subject)).find((row) => row.id === id);
  if (account === undefined) {
    return problem(404, 'account_not_found', 'No such account', 'It may have been disconnected already.');
  }
  const { connection } = account;
  const lease = z.uuid().safeParse(leaseId);
  const open = lease.success
    ? await findOpenLease(context.database.db, context.issuer, {
        leaseId: lease.data,
        subject,
        connection,
        accountId: id,
      })
    : null;
  if (open?.kind !== 'disconnect') {
    const detail = 'Name an open disconnect lease of this account in the query as lease.';
    return problem(403, 'lease_not_open', 'No lease for this', detail);
  }
  const failure = await revoke(context, account);
  if (failure !== null)
    context.log.warn({ connection, kind: failure.kind, reason: failure.message }, 'revocation failed');
  // A grant that the provider refuses is gone there: asking again changes nothing.
  if (failure !== null && failure.kind !== 'refused' && !giveUp) {
    const detail = `${failure.message}. Ask again later, or give up with give_up=true.`;
    return problem(503, `provider_${failure.kind}`, 'The provider was not told', detail);
  }
  await deleteAccount(context, account);
  if (failure === null) return { status: 204 };
  const detail = `Forgotten here, but ${failure.message}. Remove AgentDesk in the account settings there.`;
  return { status: 200, body: { revoked: false, detail } };
}

async function revoke(context: Context, account: AccountRow): Promise<ProviderFailure | null> {
  const provider = context.providers[z.enum(CONNECTIONS).parse(account.connection)];
  if (provider === null) return new ProviderFailure('client', 'the connection has no OAuth client any more');
  try {
    await provider.revoke({
      refreshToken: openRefreshToken(context.keyring, account),
      accessToken: await findAccessToken(context, provider, account),
    });
    return null;
  } catch (error) {
    if (error instanceof ProviderFailure) return error;
    throw error;
  }
}

/** A token that names the grant, where the provider wants a living one for that. */
async function findAccessToken(
  context: Context,
  provider: Provider,
  account: AccountRow,
): Promise<string | null> {
  if (!provider.keepsAccessToken) return null;
  return (await obtainAccessToken(context, provider, account, [])).accessToken;
}
