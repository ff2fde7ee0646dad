import { z } from 'zod';
import { and, eq, notInArray, sql } from '../../db/drizzle.ts';
import { accounts } from '../../db/schema/workspaces.ts';
import { DeskError } from '../../errors.ts';
import type { VaultDeps, VaultMember } from '../deps.ts';
import { nameService } from '../exchange-refusal.ts';
import { openLease } from '../leases.ts';
import { listConnected, type ConnectedAccount } from './my-account.ts';

/** Where a provider says whose account it is, and how it says it. */
const WHO: Readonly<Record<string, { url: string; read: z.ZodType<ConnectedAccount['account']> }>> = {
  // https://developers.google.com/identity/openid-connect/openid-connect#obtaininguserprofileinformation
  'google-oauth2': {
    url: 'https://www.googleapis.com/oauth2/v3/userinfo',
    read: z
      .object({
        sub: z.string().max(255),
        email: z.string().max(320),
        email_verified: z.boolean().optional(),
      })
      .transform(({ sub, email, email_verified }) => ({
        provider_id: sub,
        label: email,
        email,
        email_verified,
      })),
  },
  // https://docs.github.com/en/rest/users/users#get-the-authenticated-user
  github: {
    url: 'https://api.github.com/user',
    read: z
      .object({ id: z.number(), login: z.string().max(100) })
      .transform(({ id, login }) => ({ provider_id: String(id), label: login })),
  },
};

/**
 * Asks the provider whose account was just connected, for a vault that does not say (a tenant's). One request, under
 * a lease of a row that nothing can be claimed with.
 * @returns the account with its name; named after its service alone when the provider does not tell
 */
export async function identifyAccount(
  deps: VaultDeps,
  member: VaultMember & { readonly issuer: string },
  connected: ConnectedAccount,
): Promise<ConnectedAccount> {
  const { workspaceId, memberId, issuer, subject } = member;
  const { connection, scopes } = connected;
  const unnamed = { ...connected, account: { label: `${nameService(connection)} account` } };
  const who = WHO[connection];
  if (who === undefined) return unnamed;
  const { hostname: host, pathname: path } = new URL(who.url);
  const [account] = await deps.database.db
    .insert(accounts)
    .values({
      workspaceId,
      memberId,
      connection,
      vaultId: connected.id,
      label: '',
      scopes,
      status: 'refused',
    })
    .returning();
  if (account === undefined) throw new DeskError('internal', { reference: 'account was not stored' });
  try {
    const lease = await openLease(deps, {
      kind: 'inspect',
      account,
      issuer,
      subject,
      action: 'account.identify',
      scopes: [],
      rules: [{ method: 'GET', host, path, max: 1 }],
      call: null,
      turnId: null,
      traceId: null,
      seconds: 30,
    });
    try {
      const response = await lease.http(who.url, { headers: { 'user-agent': 'agentdesk' } });
      return { ...connected, account: who.read.parse(await response.json()) };
    } finally {
      await lease.end();
    }
  } catch (error) {
    deps.log.warn({ err: error, connection }, 'the provider did not say whose account was connected');
    return unnamed;
  } finally {
    await deps.database.db
      .update(accounts)
      .set({ status: 'disconnected', disconnectedAt: sql`clock_timestamp()` })
      .where(eq(accounts.id, account.id));
  }
}

/** Disconnects here what the vault does not have any more: connecting an account anew may replace it there. */
export async function forgetGone(deps: VaultDeps, member: VaultMember, connection: string): Promise<void> {
  const there = (await listConnected(deps.vault, member, connection)).map(({ id }) => id);
  await deps.database.db
    .update(accounts)
    .set({ status: 'disconnected', disconnectedAt: sql`clock_timestamp()` })
    .where(
      and(
        eq(accounts.workspaceId, member.workspaceId),
        eq(accounts.memberId, member.memberId),
        eq(accounts.connection, connection),
        sql`status <> 'disconnected'`,
        ...(there.length === 0 ? [] : [notInArray(accounts.vaultId, there)]),
      ),
    );
}
