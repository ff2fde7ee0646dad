import { setTimeout as pause } from 'node:timers/promises';
import type { TokenResponse } from '@auth0/auth0-auth-js';
import { and, eq, sql } from '../db/drizzle.ts';
import type { leases } from '../db/schema/calls.ts';
import { accounts } from '../db/schema/workspaces.ts';
import { append } from '../audit/append.ts';
import { DeskError } from '../errors.ts';
import type { VaultDeps } from './deps.ts';
import { describeRefusal, nameService, readErrorCode } from './exchange-refusal.ts';

type LeaseRow = typeof leases.$inferSelect;

/** What a lease was opened for, as far as audit needs it. */
export interface LeaseContext {
  readonly row: LeaseRow;
  readonly code: string | null;
  readonly turnId: string | null;
  readonly traceId: string | null;
}

/** Milliseconds between tries while the vault does not answer; a lease lives for 35 seconds. */
const PAUSES = [400, 1600];

/**
 * Exchanges the subject's token for a provider token at the Token Vault, for one lease. The token is returned to
 * the lease's own closure and nowhere else. A vault that does not answer is asked three times.
 * @throws DeskError `account_missing`, `account_reconnect`, `account_scope_missing`, `link_missing`, `link_renew`,
 *   `vault_misconfigured`, `vault_unreachable`, `lease_refused`; ProviderError `provider_rate_limited`
 */
export async function exchangeToken(deps: VaultDeps, context: LeaseContext): Promise<string> {
  const { row } = context;
  const scopes = deps.vault.exchangeScopes(row.connection, row.scopes);
  const started = performance.now();
  const elapsed = (): number => Math.round(performance.now() - started);
  let answer: TokenResponse;
  try {
    answer = await askPatiently(deps, row, scopes);
  } catch (error) {
    const refusal = explain(deps, row, error);
    await recordExchange(deps, context, refusal.code, { error: readErrorCode(error), ms: elapsed() });
    if (refusal.code === 'account_reconnect') await markRefused(deps, row);
    throw refusal;
  }
  const missing = findMissingScopes(scopes, answer.scope);
  await recordExchange(deps, context, missing.length === 0 ? 'granted' : 'scope_missing', {
    scopes_returned: answer.scope?.split(/[ ,]+/) ?? [],
    expires_at: new Date(answer.expiresAt * 1000),
    ms: elapsed(),
  });
  if (missing.length === 0) return answer.accessToken;
  await markLacking(deps, row, missing);
  throw new DeskError('account_scope_missing', { service: nameService(row.connection) });
}

async function askPatiently(
  deps: VaultDeps,
  row: LeaseRow,
  scopes: readonly string[],
): Promise<TokenResponse> {
  const wait = [...PAUSES];
  for (;;) {
    try {
      return await ask(deps, row, scopes);
    } catch (error) {
      const milliseconds = wait.shift();
      if (milliseconds === undefined || explain(deps, row, error).code !== 'vault_unreachable') throw error;
      await pause(milliseconds);
    }
  }
}

async function ask({ vault }: VaultDeps, row: LeaseRow, scopes: readonly string[]): Promise<TokenResponse> {
  const subject = await vault.subjectToken(row, row.id);
  const hint = await vault.hintOf(row);
  return vault.client.exchangeToken({
    connection: row.connection,
    subjectToken: subject.token,
    // The package types only two kinds, and sends whatever it is given.
    subjectTokenType: subject.type as 'urn:ietf:params:oauth:token-type:access_token',
    ...(hint === null ? {} : { loginHint: hint }),
    ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
  });
}

function explain({ linking, vault }: VaultDeps, row: LeaseRow, error: unknown): DeskError {
  return describeRefusal(error, row.connection, {
    embedded: linking === null,
    name: linking?.login.domain ?? vault.issuer,
  });
}

/**
 * Scopes asked for but not returned. An empty answer says nothing (GitHub Apps have permissions, no scopes), so
 * the provider decides then.
 */
function findMissingScopes(asked: readonly string[], returned: string | undefined): string[] {
  const granted = new Set((returned ?? '').split(/[ ,]+/).filter((scope) => scope !== ''));
  return granted.size === 0 ? [] : asked.filter((scope) => !granted.has(scope));
}

async function markRefused(deps: VaultDeps, row: LeaseRow): Promise<void> {
  await deps.database.db
    .update(accounts)
    .set({ status: 'refused' })
    // One that was disconnected meanwhile stays so.
    .where(and(eq(accounts.id, row.accountId), eq(accounts.status, 'connected')));
}

/** What is missing is known from now on, so that the next call asks for it instead of failing. */
async function markLacking(deps: VaultDeps, row: LeaseRow, missing: readonly string[]): Promise<void> {
  for (const scope of missing) {
    await deps.database.db
      .update(accounts)
      .set({ scopes: sql`array_remove(${accounts.scopes}, ${scope})` })
      .where(and(eq(accounts.id, row.accountId), sql`cardinality(${accounts.scopes}) > 1`));
  }
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
