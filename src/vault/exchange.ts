import { and, eq } from '../db/drizzle.ts';
import type { leases } from '../db/schema/calls.ts';
import { accounts } from '../db/schema/workspaces.ts';
import { append } from '../audit/append.ts';
import { DeskError } from '../errors.ts';
import type { VaultDeps } from './deps.ts';

type LeaseRow = typeof leases.$inferSelect;

/** What a lease was opened for, as far as audit needs it. */
export interface LeaseContext {
  readonly row: LeaseRow;
  readonly code: string | null;
  readonly turnId: string | null;
  readonly traceId: string | null;
}

/**
 * Exchanges the subject's token for a provider token at the Token Vault, for one lease. The token is returned to
 * the lease's own closure and nowhere else.
 * @throws DeskError `account_missing`, `account_reconnect`, `account_scope_missing`, `vault_misconfigured`,
 *   `vault_unreachable`, `lease_refused`
 */
export async function exchangeToken(deps: VaultDeps, context: LeaseContext): Promise<string> {
  const { row } = context;
  const started = performance.now();
  try {
    const subject = await deps.vault.subjectToken(row.subject, row.id);
    const answer = await deps.vault.client.exchangeToken({
      connection: row.connection,
      subjectToken: subject.token,
      // The package types only two kinds, and sends whatever it is given.
      subjectTokenType: subject.type as 'urn:ietf:params:oauth:token-type:access_token',
      loginHint: row.vaultId,
      scope: row.scopes.join(' '),
    });
    const missing = findMissingScopes(row.scopes, answer.scope);
    await recordExchange(deps, context, missing.length === 0 ? 'granted' : 'scope_missing', {
      scopes_returned: answer.scope?.split(/[ ,]+/) ?? [],
      expires_at: new Date(answer.expiresAt * 1000),
      ms: Math.round(performance.now() - started),
    });
    if (missing.length > 0)
      throw new DeskError('account_scope_missing', { service: nameService(row.connection) });
    return answer.accessToken;
  } catch (error) {
    if (error instanceof DeskError) throw error;
    const refusal = describeRefusal(error, row.connection);
    await recordExchange(deps, context, refusal.code, {
      error: readErrorCode(error),
      ms: Math.round(performance.now() - started),
    });
    if (refusal.code === 'account_reconnect') {
      await deps.database.db
        .update(accounts)
        .set({ status: 'refused' })
        // One that was disconnected meanwhile stays so.
        .where(and(eq(accounts.id, row.accountId), eq(accounts.status, 'connected')));
    }
    throw refusal;
  }
}

/**
 * Scopes asked for but not returned. An empty answer says nothing (GitHub Apps have permissions, no scopes), so
 * the provider decides then.
 */
function findMissingScopes(asked: readonly string[], returned: string | undefined): string[] {
  const granted = new Set((returned ?? '').split(/[ ,]+/).filter((scope) => scope !== ''));
  return granted.size === 0 ? [] : asked.filter((scope) => !granted.has(scope));
}

function readErrorCode(error: unknown): string {
  const code = (error as { cause?: { error?: unknown } }).cause?.error;
  return typeof code === 'string' ? code.slice(0, 100) : 'no_answer';
}

function describeRefusal(error: unknown, connection: string): DeskError {
  const service = nameService(connection);
  const code = readErrorCode(error);
  const status = (error as { statusCode?: unknown }).statusCode;
  if (code === 'federated_connection_refresh_token_not_found')
    return new DeskError('account_missing', { service });
  if (code === 'federated_connection_refresh_token_flow_failed')
    return new DeskError('account_reconnect', { service });
  if (code === 'access_denied')
    return new DeskError('lease_refused', { reason: 'the vault does not know this lease' });
  if (code === 'invalid_client' || code === 'unauthorized_client' || code === 'invalid_request') {
    return new DeskError('vault_misconfigured', { problem: code });
  }
  return new DeskError(
    'vault_unreachable',
    {},
    { cause: typeof status === 'number' ? new Error(`status ${status}`) : error },
  );
}

/** The provider's name as people know it. */
export function nameService(connection: string): string {
  return connection === 'github' ? 'GitHub' : connection === 'google-oauth2' ? 'Google' : connection;
}

async function recordExchange(
  deps: VaultDeps,
  { row, code, turnId, traceId }: LeaseContext,
  outcome: string,
  detail: Record<string, unknown>,
): Promise<void> {
  await deps.database.transaction((tx) =>
    append(tx, {
      workspaceId: row.workspaceId,
      type: 'token.exchanged',
      actor: 'desk',
      memberId: row.memberId,
      action: row.action,
      target: row.connection,
      outcome,
      call: row.callId === null ? null : { id: row.callId, code: code ?? '' },
      turnId,
      traceId,
      detail: { lease: row.id, kind: row.kind, scopes_asked: row.scopes, ...detail },
    }),
  );
}
