import { and, eq } from '../../../db/drizzle.ts';
import { connectRequests } from '../../../db/schema/workspaces.ts';
import { DeskError } from '../../../errors.ts';
import type { ConnectRequest, Linking, LoginFlow, VaultDeps } from '../../deps.ts';
import { drawSecret, hashSecret } from '../browser.ts';
import { refuseConnect, reopenConnect } from '../refuse.ts';
import { openSession, sealSession } from './session.ts';

/** Where the tenant sends the browser back to. */
const loginReturnUrl = ({ publicUrl }: Pick<VaultDeps, 'publicUrl'>): string => `${publicUrl}/connect/login`;

/** @throws DeskError `connect_expired` where there is no tenant */
export function needLinking({ linking }: Pick<VaultDeps, 'linking'>): Linking {
  if (linking === null) throw new DeskError('connect_expired');
  return linking;
}

/**
 * Sends the browser on to the tenant's sign-in: for a link once Slack proved the member (or nothing did yet), for an
 * account where the tenant itself has to prove them. When the tenant does not answer, the link stays usable.
 * @param provedBy how the browser proved to be the member so far
 * @returns the URL to redirect to
 * @throws DeskError `connect_try_again`, `vault_misconfigured`, `connect_stale`
 */
export async function startLogin(
  deps: VaultDeps,
  request: ConnectRequest,
  provedBy: 'slack' | null,
): Promise<string> {
  const flow = { verifier: drawSecret(), nonce: drawSecret() };
  const state = drawSecret();
  const url = await writeLoginUrl(deps, request, { ...flow, state, redirectUri: loginReturnUrl(deps) });
  const [row] = await deps.database.db
    .update(connectRequests)
    .set({
      status: request.kind === 'link' ? 'authorizing' : 'proving',
      stateHash: hashSecret(state),
      provedBy,
      sessionSealed: sealSession(deps, request.id, flow),
    })
    .where(
      and(
        eq(connectRequests.id, request.id),
        eq(connectRequests.status, 'proving'),
        eq(connectRequests.stateHash, request.stateHash ?? ''),
      ),
    )
    .returning({ id: connectRequests.id });
  if (row === undefined) throw new DeskError('connect_stale');
  return url;
}

async function writeLoginUrl(deps: VaultDeps, request: ConnectRequest, flow: LoginFlow): Promise<string> {
  const { login } = needLinking(deps);
  try {
    return await login.start(flow);
  } catch (error) {
    throw await endOrReopen(deps, request, error, login.domain);
  }
}

/** The flow of a sign-in under way, as it was sent to the tenant. */
export function readFlow(deps: VaultDeps, request: ConnectRequest, state: string): LoginFlow {
  const { verifier, nonce } = openSession(deps, request);
  if (verifier === undefined || nonce === undefined) throw new DeskError('connect_stale');
  return { verifier, nonce, state, redirectUri: loginReturnUrl(deps) };
}

/** After an outage the link stays usable; anything else ends it, audited. @returns the error to show */
export async function endOrReopen(
  deps: VaultDeps,
  request: ConnectRequest,
  error: unknown,
  service: string,
): Promise<unknown> {
  if (!(error instanceof DeskError)) return error;
  if (error.code !== 'vault_unreachable') {
    const why = error.cause instanceof Error ? error.cause.message : error.message;
    return refuseConnect(deps, request, error, `sign-in at the tenant: ${why}`.slice(0, 300));
  }
  await reopenConnect(deps, request);
  return new DeskError('connect_try_again', { service }, { cause: error });
}
