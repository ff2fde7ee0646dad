import { z } from 'zod';
import { DeskError } from '../../errors.ts';
import type { VaultConnection } from '../deps.ts';

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
  connect_uri: z.string(),
  connect_params: z.object({ ticket: z.string().optional() }).default({}),
});

/** Starts connecting an account. @returns the vault's session and the URL the browser must go to */
export async function startConnect(
  vault: VaultConnection,
  subject: string,
  request: {
    connection: string;
    redirectUri: string;
    state: string;
    scopes: readonly string[];
    codeChallenge: string;
  },
): Promise<{ authSession: string; url: string }> {
  const body = await call(vault, subject, 'POST', 'connect', {
    connection: request.connection,
    redirect_uri: request.redirectUri,
    state: request.state,
    scopes: request.scopes,
    code_challenge: request.codeChallenge,
    code_challenge_method: 'S256',
  });
  const answer = session.parse(body);
  const url = new URL(answer.connect_uri);
  if (answer.connect_params.ticket !== undefined)
    url.searchParams.set('ticket', answer.connect_params.ticket);
  return { authSession: answer.auth_session, url: url.href };
}

export async function completeConnect(
  vault: VaultConnection,
  subject: string,
  request: { authSession: string; connectCode: string; redirectUri: string; codeVerifier: string },
): Promise<ConnectedAccount> {
  const body = await call(vault, subject, 'POST', 'complete', {
    auth_session: request.authSession,
    connect_code: request.connectCode,
    redirect_uri: request.redirectUri,
    code_verifier: request.codeVerifier,
  });
  return connected.parse(body);
}

/** Removes an account at the vault. @returns false when the provider could not be told */
export async function deleteAccount(
  vault: VaultConnection,
  subject: string,
  id: string,
  leaseId: string,
): Promise<boolean> {
  const body = await call(vault, subject, 'DELETE', `accounts/${encodeURIComponent(id)}?lease=${leaseId}`);
  return (body as { revoked?: unknown } | null)?.revoked !== false;
}

async function call(
  vault: VaultConnection,
  subject: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  let response: Response;
  try {
    response = await vault.fetch(new URL(`me/v1/connected-accounts/${path}`, vault.issuer), {
      method,
      headers: {
        authorization: `Bearer ${await vault.myAccountToken(subject)}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(30_000),
    });
  } catch (cause) {
    throw new DeskError('vault_unreachable', {}, { cause });
  }
  if (response.status === 204) return null;
  const text = await response.text();
  if (response.ok) return JSON.parse(text) as unknown;
  if (response.status >= 500) throw new DeskError('vault_unreachable');
  // RFC 9457 problem details.
  const problem = z.object({ detail: z.string().max(300) }).safeParse(parseOrNull(text));
  throw new DeskError('connect_failed', {
    problem: problem.data?.detail ?? `the vault answered ${response.status}`,
  });
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
