import { append } from '../audit/append.ts';
import { DeskError } from '../errors.ts';
import type { VaultDeps } from './deps.ts';
import { exchangeToken, type LeaseContext } from './exchange.ts';

const TIMEOUT_MS = 10_000;

/** Google's revocation endpoint: https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke */
const GOOGLE = { host: 'oauth2.googleapis.com', path: '/revoke' };

/**
 * Revokes a grant at the provider with a token of that grant, where a tenant's vault only forgets it. Google takes
 * any token of it and ends the whole grant. GitHub wants the secret of the GitHub App, which is the tenant's.
 * @returns false when the provider was not told, or did not confirm it
 * @throws DeskError `lease_refused` for a lease of another kind
 */
export async function revokeAtProvider(deps: VaultDeps, context: LeaseContext): Promise<boolean> {
  const { row } = context;
  if (row.kind !== 'disconnect')
    throw new DeskError('lease_refused', { reason: `${row.kind} may not revoke` });
  if (row.connection !== 'google-oauth2') return false;
  let status: number | null = null;
  try {
    const token = await exchangeToken(deps, context);
    const response = await fetch(`${deps.resolveHost(GOOGLE.host)}${GOOGLE.path}`, {
      method: 'POST',
      body: new URLSearchParams({ token }),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    status = response.status;
    await response.body?.cancel();
  } catch (error) {
    deps.log.warn({ err: error, lease: row.id }, 'the provider was not told of a disconnected account');
    if (error instanceof DeskError) return false;
  }
  const revoked = status !== null && status >= 200 && status < 300;
  await deps.database.transaction((tx) =>
    append(tx, {
      workspaceId: row.workspaceId,
      type: 'provider.requested',
      actor: 'desk',
      memberId: row.memberId,
      action: row.action,
      target: row.connection,
      outcome: status === null ? 'no_answer' : revoked ? 'ok' : 'error',
      detail: { lease: row.id, kind: row.kind, method: 'POST', ...GOOGLE, status },
    }),
  );
  return revoked;
}
