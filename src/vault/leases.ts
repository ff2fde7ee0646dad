import { randomUUID } from 'node:crypto';
import { append } from '../audit/append.ts';
import { and, eq, isNull, sql } from '../db/drizzle.ts';
import { leases } from '../db/schema/calls.ts';
import { DeskError } from '../errors.ts';
import type { Account, VaultDeps } from './deps.ts';
import { createLeaseHttp } from './lease-http.ts';
import type { RequestRule } from './match-request.ts';
import { revokeAtProvider } from './revoke-at-provider.ts';

export interface LeaseRequest {
  readonly kind: 'perform' | 'inspect' | 'reconcile' | 'disconnect';
  readonly account: Account;
  readonly issuer: string;
  readonly subject: string;
  readonly action: string;
  readonly scopes: readonly string[];
  readonly rules: readonly RequestRule[];
  readonly call: { readonly id: string; readonly code: string; readonly attemptId: string | null } | null;
  readonly turnId: string | null;
  readonly traceId: string | null;
  /** Seconds it may live. */
  readonly seconds: number;
}

export interface Lease {
  readonly id: string;
  /** `fetch` that only sends what the lease permits. */
  readonly http: typeof fetch;
  /**
   * Has the provider forget the grant; of a `disconnect` lease alone.
   * @returns false when the provider was not told: it takes no such request from us, or refused
   */
  revoke(): Promise<boolean>;
  end(): Promise<void>;
}

/**
 * Opens the right to send a bounded set of provider requests: row and audit event first. Inspect and reconcile
 * leases are for reading only, whatever the rules say.
 */
export async function openLease(deps: VaultDeps, request: LeaseRequest): Promise<Lease> {
  const readOnly = request.kind === 'inspect' || request.kind === 'reconcile';
  if (readOnly && request.rules.some((rule) => rule.method !== 'GET')) {
    throw new DeskError('lease_refused', { reason: `${request.kind} may only read` });
  }
  const row = await deps.database.transaction(async (tx) => {
    if (request.kind === 'perform') {
      // Whoever lets a call go locks its row: they see this lease, or this lease sees that the call is not its own.
      await tx.execute(
        sql`select 1 from agentdesk.calls where id = ${request.call?.id ?? null}::uuid for share`,
      );
    }
    const [created] = await tx
      .insert(leases)
      .values({
        id: randomUUID(),
        workspaceId: request.account.workspaceId,
        memberId: request.account.memberId,
        kind: request.kind,
        callId: request.call?.id ?? null,
        attemptId: request.call?.attemptId ?? null,
        accountId: request.account.id,
        issuer: request.issuer,
        subject: request.subject,
        connection: request.account.connection,
        vaultId: request.account.vaultId,
        action: request.action,
        scopes: [...request.scopes],
        expiresAt: sql`clock_timestamp() + make_interval(secs => ${request.seconds})`,
      })
      .returning();
    if (created === undefined) throw new DeskError('internal', { reference: 'lease was not stored' });
    await append(tx, {
      workspaceId: created.workspaceId,
      type: 'lease.opened',
      actor: 'desk',
      memberId: created.memberId,
      action: created.action,
      target: created.connection,
      outcome: 'open',
      call: request.call,
      turnId: request.turnId,
      traceId: request.traceId,
      detail: {
        lease: created.id,
        kind: created.kind,
        scopes: created.scopes,
        expires_at: created.expiresAt,
      },
    });
    return created;
  });
  const { turnId, traceId } = request;
  const context = { row, code: request.call?.code ?? null, turnId, traceId };
  const { http, close } = createLeaseHttp(deps, context, request.rules);
  return {
    id: row.id,
    http,
    revoke: () => revokeAtProvider(deps, context),
    async end() {
      close();
      await deps.database.transaction(async (tx) => {
        const [ended] = await tx
          .update(leases)
          .set({ endedAt: sql`clock_timestamp()` })
          .where(and(eq(leases.id, row.id), isNull(leases.endedAt)))
          .returning();
        if (ended === undefined) return;
        await append(tx, {
          workspaceId: row.workspaceId,
          type: 'lease.ended',
          actor: 'desk',
          memberId: row.memberId,
          action: row.action,
          target: row.connection,
          outcome: 'ended',
          call: request.call,
          turnId: request.turnId,
          traceId: request.traceId,
          detail: { lease: row.id, kind: row.kind },
        });
      });
    },
  };
}
