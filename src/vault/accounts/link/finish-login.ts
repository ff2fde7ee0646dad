import { and, eq } from '../../../db/drizzle.ts';
import { connectRequests } from '../../../db/schema/workspaces.ts';
import { DeskError } from '../../../errors.ts';
import type { ConnectRequest, SignedIn, VaultDeps } from '../../deps.ts';
import { findByCallback, hashSecret, type Callback } from '../browser.ts';
import { findSubject } from '../members.ts';
import { refuseConnect } from '../refuse.ts';
import { endOrReopen, needLinking, readFlow } from './begin.ts';
import { readSignedIn, sealSession } from './session.ts';

/** The request a browser comes back to from the tenant's sign-in. @throws DeskError as {@link findByCallback} */
export async function findByLogin(
  deps: VaultDeps,
  callback: Omit<Callback, 'status'>,
): Promise<ConnectRequest> {
  const [row] = await deps.database.db
    .select({ kind: connectRequests.kind })
    .from(connectRequests)
    .where(eq(connectRequests.stateHash, hashSecret(callback.state)));
  return findByCallback(deps, { ...callback, status: row?.kind === 'account' ? 'proving' : 'authorizing' });
}

/**
 * The browser is back from the tenant: spends the code, once, and keeps who signed in until the member says yes.
 * Opened again, it tells the same.
 * @returns the request as it stands, and who signed in
 * @throws DeskError `connect_under_way`, `connect_used`, `connect_try_again`, `link_unproved`, `vault_misconfigured`
 */
export async function finishLogin(
  deps: VaultDeps,
  request: ConnectRequest,
  query: URLSearchParams,
): Promise<{ request: ConnectRequest; signedIn: SignedIn }> {
  if (request.status !== 'authorizing') return { request, signedIn: showAgain(deps, request) };
  const [claimed] = await deps.database.db
    .update(connectRequests)
    .set({ status: 'completing', codeHash: hashSecret(query.get('code') ?? '') })
    .where(and(eq(connectRequests.id, request.id), eq(connectRequests.status, 'authorizing')))
    .returning();
  if (claimed === undefined) throw new DeskError('connect_under_way');
  const signedIn = await signIn(deps, claimed, query);
  const [row] = await deps.database.db
    .update(connectRequests)
    .set({
      status: 'confirming',
      subject: signedIn.subject,
      sessionSealed: sealSession(deps, request.id, { signedIn }),
    })
    .where(and(eq(connectRequests.id, request.id), eq(connectRequests.status, 'completing')))
    .returning();
  if (row === undefined) throw new DeskError('connect_expired');
  return { request: row, signedIn };
}

/**
 * The same way back for an account, where Slack cannot prove the member: whoever connects has to be the member's own
 * identity at the tenant. What else the sign-in gave is thrown away.
 * @throws DeskError as {@link finishLogin}; `connect_identity` when it is someone else, audited
 */
export async function proveByLogin(
  deps: VaultDeps,
  request: ConnectRequest,
  query: URLSearchParams,
): Promise<void> {
  const { login } = needLinking(deps);
  const signedIn = await signIn(deps, request, query);
  const { workspaceId, memberId } = request;
  const linked = await findSubject(deps.database.db, workspaceId, memberId, deps.vault.issuer);
  await login.revoke(signedIn.refreshToken).catch((error: unknown) => {
    deps.log.warn({ err: error }, 'the tenant was not told of a refresh token that is not needed');
  });
  if (linked?.subject === signedIn.subject) return;
  throw await refuseConnect(
    deps,
    request,
    new DeskError('connect_identity'),
    'another identity at the tenant',
  );
}

function showAgain(deps: VaultDeps, request: ConnectRequest): SignedIn {
  if (request.status === 'completing') throw new DeskError('connect_under_way');
  const signedIn = request.status === 'confirming' ? readSignedIn(deps, request) : null;
  if (signedIn === null) throw new DeskError('connect_used');
  return signedIn;
}

async function signIn(deps: VaultDeps, request: ConnectRequest, query: URLSearchParams): Promise<SignedIn> {
  const { login } = needLinking(deps);
  try {
    return await login.finish(query, readFlow(deps, request, query.get('state') ?? ''));
  } catch (error) {
    throw await endOrReopen(deps, request, error, login.domain);
  }
}
