import { z } from 'zod';
import { DeskError } from '../../errors.ts';
import type { VaultConnection, VaultMember } from '../deps.ts';

/** The My Account API's connected accounts, on Auth0's paths (auth0.com/docs, My Account API, Connected Accounts). */
const connected = z.object({
  id: z.string(),
  connection: z.string(),
  scopes: z.array(z.string()).default([]),
  account: z
    .object({
      provider_id: z.string().nullish(),
      label: z.string().nullish(),
      email: z.string().nullish(),
      email_verified: z.boolean().nullish(),
    })
    .nullish(),
});

export type ConnectedAccount = z.infer<typeof connected>;

const session = z.object({
  auth_session: z.string(),
  connect_uri: z.url().transform((url) => new URL(url)),
  connect_params: z.object({ ticket: z.string().optional() }).default({}),
});

/**
 * Starts connecting an account.
 * @returns the vault's session and the URL the browser must go to, as the vault says: not yet checked
 * @throws DeskError `vault_unreachable`, `vault_answer_unusable`, `connect_failed`
 */
export async function startConnect(
  vault: VaultConnection,
  member: VaultMember,
  request: {
    connection: string;
    redirectUri: string;
    state: string;
    scopes: readonly string[];
    codeChallenge: string;
  },
): Promise<{ authSession: string; url: URL }> {
  const scopes = vault.connectScopes(request.connection, request.scopes);
  const body = await call(vault, member, 'POST', 'connect', {
    connection: request.connection,
    redirect_uri: request.redirectUri,
    state: request.state,
    ...(scopes.length === 0 ? {} : { scopes }),
    code_challenge: request.codeChallenge,
    code_challenge_method: 'S256',
  });
  const { auth_session: authSession, connect_uri: url, connect_params: params } = read(session, body);
  if (params.ticket !== undefined) url.searchParams.set('ticket', params.ticket);
  return { authSession, url };
}

/** @throws DeskError `vault_unreachable`, `vault_answer_unusable`, `connect_failed` */
export async function completeConnect(
  vault: VaultConnection,
  member: VaultMember,
  request: { authSession: string; connectCode: string; redirectUri: string; codeVerifier: string },
): Promise<ConnectedAccount> {
  const body = await call(vault, member, 'POST', 'complete', {
    auth_session: request.authSession,
    connect_code: request.connectCode,
    redirect_uri: request.redirectUri,
    code_verifier: request.codeVerifier,
  });
  return read(connected, body);
}

const page = z.union([
  z.object({ accounts: z.array(connected), next: z.string().nullish() }),
  z.array(connected).transform((accounts) => ({ accounts, next: null })),
]);
const MOST_PAGES = 20;

/** The connected accounts of a connection, as the vault has them. @throws as {@link startConnect} */
export async function listConnected(
  vault: VaultConnection,
  member: VaultMember,
  connection: string,
): Promise<ConnectedAccount[]> {
  const all: ConnectedAccount[] = [];
  let from: string | null = null;
  for (let count = 0; count < MOST_PAGES; count += 1) {
    const query: URLSearchParams = new URLSearchParams({ connection, ...(from === null ? {} : { from }) });
    const answer: z.infer<typeof page> = read(
      page,
      await call(vault, member, 'GET', `accounts?${query.toString()}`),
    );
    all.push(...answer.accounts);
    from = answer.next ?? null;
    if (from === null) return all;
  }
  throw new DeskError('vault_answer_unusable', { problem: 'its list of accounts has no end' });
}

/**
 * Removes an account at the vault.
 * @param giveUp has a vault that revokes forget the account even when the provider does not answer
 * @returns false when the provider could not be told by it
 * @throws DeskError `vault_unreachable` when vault or provider do not answer; the account is still there then
 */
export async function deleteAccount(
  vault: VaultConnection,
  member: VaultMember,
  id: string,
  leaseId: string,
  giveUp: boolean,
): Promise<boolean> {
  // The embedded vault revokes, and wants to see the lease for it; Auth0 only forgets.
  const lease = vault.revokes ? `?lease=${leaseId}${giveUp ? '&give_up=true' : ''}` : '';
  const body = await call(vault, member, 'DELETE', `accounts/${encodeURIComponent(id)}${lease}`);
  return read(z.object({ revoked: z.boolean().optional() }).nullable(), body)?.revoked !== false;
}

/** @throws DeskError `vault_answer_unusable`, which names the first wrong field and none of its content */
function read<Shape>(shape: z.ZodType<Shape>, body: unknown): Shape {
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') ?? '';
  const problem = field === '' ? 'it is not of the expected form' : `its ${field} is missing or wrong`;
  throw new DeskError('vault_answer_unusable', { problem });
}

async function call(
  vault: VaultConnection,
  member: VaultMember,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const token = await vault.myAccountToken(member);
  let status: number;
  let text: string;
  try {
    const response = await vault.fetch(new URL(`me/v1/connected-accounts/${path}`, vault.issuer), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(30_000),
    });
    status = response.status;
    text = await response.text();
  } catch (cause) {
    throw new DeskError('vault_unreachable', {}, { cause });
  }
  if (status === 204 || (status === 404 && method === 'DELETE')) return null;
  const answer = parseOrUndefined(text);
  if (status >= 200 && status < 300) {
    if (answer === undefined) throw new DeskError('vault_answer_unusable', { problem: 'it is not JSON' });
    return answer;
  }
  if (status >= 500 || status === 429) throw new DeskError('vault_unreachable');
  // RFC 9457 problem details.
  const problem = z.object({ detail: z.string().max(300) }).safeParse(answer);
  throw new DeskError('connect_failed', {
    problem: problem.data?.detail ?? `the vault answered ${status}`,
  });
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
