import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { AuthClient } from '@auth0/auth0-auth-js';
import { accounts } from '../../src/db/schema/workspaces.ts';
import { leases } from '../../src/db/schema/calls.ts';
import { BEN, ISSUER, type Kit } from './kit.ts';

export const READ_MAIL = 'https://www.googleapis.com/auth/gmail.readonly';
export const REDIRECT = 'http://127.0.0.1:3000/connect/callback';

type Connection = 'google-oauth2' | 'github';

/** Begins and completes a connection as the desk does, without a browser between. */
export async function connect(
  kit: Kit,
  url: string,
  connection: Connection,
  sub = BEN,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const verifier = randomBytes(32).toString('base64url');
  const begun = await kit.me(
    url,
    'POST',
    'connect',
    {
      connection,
      redirect_uri: REDIRECT,
      state: 'the-state',
      scopes: connection === 'github' ? ['repo'] : [READ_MAIL],
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    },
    await kit.meToken(sub),
  );
  const body = {
    auth_session: begun.body['auth_session'],
    connect_code: 'the-code',
    redirect_uri: REDIRECT,
    code_verifier: verifier,
  };
  return kit.me(url, 'POST', 'complete', body, await kit.meToken(sub));
}

/** A lease as the desk opens one, with the account row that it stands on. */
export async function openLease(
  kit: Kit,
  vaultId: string,
  overrides: Partial<typeof leases.$inferInsert> = {},
): Promise<string> {
  const id = randomUUID();
  const accountId = randomUUID();
  const connection = overrides.connection ?? 'google-oauth2';
  const common = { workspaceId: 'T0SANDBOX', memberId: 'U0BEN', connection, vaultId };
  const { db } = kit.database.desk;
  await db.insert(accounts).values({
    ...common,
    id: accountId,
    label: 'ben@acme.test',
    scopes: [READ_MAIL],
    status: 'connected',
  });
  await db.insert(leases).values({
    ...common,
    id,
    accountId,
    kind: 'inspect',
    issuer: ISSUER,
    subject: BEN,
    action: 'gmail.messages.list',
    scopes: [READ_MAIL],
    expiresAt: new Date(Date.now() + 60_000),
    ...overrides,
  });
  return id;
}

/** The desk's request for one lease. */
export function subjectToken(
  kit: Kit,
  leaseId: string,
  claims: Record<string, unknown> = {},
): Promise<string> {
  return kit.sign(kit.desk.privateKey, 'token-vault-req+jwt', {
    iss: 'agentdesk',
    sub: BEN,
    aud: ISSUER,
    audit_context: leaseId,
    ...claims,
  });
}

export async function exchange(
  kit: Kit,
  client: AuthClient,
  leaseId: string,
  vaultId: string,
  overrides: {
    connection?: Connection;
    scope?: string;
    token?: string;
    claims?: Record<string, unknown>;
  } = {},
) {
  return client.exchangeToken({
    connection: overrides.connection ?? 'google-oauth2',
    subjectToken: overrides.token ?? (await subjectToken(kit, leaseId, overrides.claims)),
    // The SDK's type does not name the privileged worker's kind yet.
    subjectTokenType:
      'urn:ietf:params:oauth:token-type:jwt' as 'urn:ietf:params:oauth:token-type:access_token',
    loginHint: vaultId,
    ...(overrides.scope === undefined ? {} : { scope: overrides.scope }),
  });
}
