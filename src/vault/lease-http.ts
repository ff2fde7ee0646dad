import { createHash } from 'node:crypto';
import { append } from '../audit/append.ts';
import { sql } from '../db/drizzle.ts';
import { DeskError, ProviderError } from '../errors.ts';
import type { VaultDeps } from './deps.ts';
import { nameService } from './exchange-refusal.ts';
import { exchangeToken, type LeaseContext } from './exchange.ts';
import { matchRequest, type RequestRule } from './match-request.ts';

/**
 * Request headers that pass. Everything else is dropped: no Authorization of the caller's, no Cookie, no
 * X-HTTP-Method-Override, which Google's APIs would obey.
 */
const HEADERS = new Set([
  'accept',
  'content-type',
  'if-match',
  'if-none-match',
  'user-agent',
  'x-goog-api-client',
  'x-github-api-version',
]);
const TIMEOUT_MS = 20_000;

/** `fetch` for one lease; see {@link createLeaseHttp}. */
export interface LeaseHttp {
  readonly http: typeof fetch;
  /** Forgets the token; every later request is refused. */
  close(): void;
}

/**
 * Binds `fetch` to a lease. Each request must match a rule, within its count, while the lease is open; the token is
 * exchanged at the first request, added here, and dropped with the lease. A 401 refreshes it once. Whether lease and
 * attempt still stand is asked right before anything is sent, and no request outlives the lease.
 * Redirects are never followed.
 */
export function createLeaseHttp(
  deps: VaultDeps,
  context: LeaseContext,
  rules: readonly RequestRule[],
): LeaseHttp {
  const counts = new Map<RequestRule, number>();
  let token: string | null = null;
  let exchanges = 0;
  let closed = false;

  const refuse = async (reason: string): Promise<DeskError> => {
    await recordRequest(deps, context, 'lease.refused', reason, {});
    return new DeskError('lease_refused', { reason });
  };
  let exchanging: Promise<string> | null = null;
  const exchange = async (): Promise<string> => {
    exchanges += 1;
    try {
      const { connection, action } = context.row;
      const attributes = { 'agentdesk.connection': connection, 'agentdesk.action': action };
      const step = { name: 'exchange', turnId: context.turnId, attributes } as const;
      const fresh = await deps.telemetry.trace(step, () => exchangeToken(deps, context));
      if (!closed) token = fresh;
      return fresh;
    } finally {
      exchanging = null;
    }
  };
  // Requests that start together share one exchange.
  const authorize = (): Promise<string> => (exchanging ??= exchange());

  const http = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = toRequest(input, init);
    if (request === null) throw await refuse('not a usable request');
    const url = new URL(request.url);
    const rule = matchRequest(rules, request.method, url);
    if (closed) throw await refuse('the lease has ended');
    if (typeof rule === 'string') throw await refuse(rule);
    const count = (counts.get(rule) ?? 0) + 1;
    counts.set(rule, count);
    if (count > rule.max) throw await refuse('more requests than declared');
    if (token === null && (await findSecondsLeft(deps, context.row.id)) === null)
      throw await refuse('the lease has ended');
    // Set anew at each sending: the exchange before it is measured by itself.
    let started = performance.now();
    const body = request.body === null ? null : Buffer.from(await request.arrayBuffer());
    const send = async (bearer: string): Promise<Response> => {
      // Asked here, because body and exchange were waited for; what ended meanwhile sends nothing.
      const seconds = await findSecondsLeft(deps, context.row.id);
      if (closed || seconds === null) throw await refuse('the lease has ended');
      const headers = new Headers([...request.headers].filter(([name]) => HEADERS.has(name)));
      headers.set('authorization', `Bearer ${bearer}`);
      const base = deps.resolveHost(url.hostname);
      started = performance.now();
      return fetch(`${base}${url.pathname}${url.search}`, {
        method: request.method,
        headers,
        body,
        redirect: 'manual',
        signal: AbortSignal.any([
          request.signal,
          AbortSignal.timeout(Math.min(TIMEOUT_MS, Math.ceil(seconds * 1000))),
        ]),
      });
    };
    const record = (outcome: string, status: number | null): Promise<void> =>
      recordRequest(deps, context, 'provider.requested', outcome, {
        method: request.method,
        host: url.hostname,
        path: rule.path,
        status,
        ...(body === null ? {} : { sent_sha256: digestOf(body), sent_bytes: body.length }),
        ms: Math.round(performance.now() - started),
      });
    try {
      let response = await send(token ?? (await authorize()));
      if (response.status === 401 && exchanges < 2) {
        await response.body?.cancel();
        response = await send(await authorize());
      }
      if (response.status >= 300 && response.status < 400 && response.status !== 304) {
        await response.body?.cancel();
        await record('redirect_refused', response.status);
        throw describeRedirect(context, request.method, response.status);
      }
      await record(response.ok ? 'ok' : 'error', response.status);
      return response;
    } catch (error) {
      if (!(error instanceof DeskError)) await record('no_answer', null);
      throw error;
    }
  };
  return {
    http: http,
    close() {
      closed = true;
      token = null;
    },
  };
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** @returns null for what fetch itself would not take: credentials in the URL, a forbidden method */
function toRequest(input: string | URL | Request, init: RequestInit | undefined): Request | null {
  try {
    return new Request(input, init);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/**
 * Whether lease, attempt and account still stand, by the very view the authority asks.
 * @returns the seconds the lease has left, more than 0, or null when it counts no more
 */
async function findSecondsLeft(deps: VaultDeps, leaseId: string): Promise<number | null> {
  const [row] = await deps.database.db.execute<{ seconds: number }>(
    sql`select extract(epoch from expires_at - clock_timestamp())::float8 as seconds
      from agentdesk.exchangeable_leases where lease_id = ${leaseId}::uuid`,
  );
  return row !== undefined && row.seconds > 0 ? row.seconds : null;
}

/**
 * A redirect is followed by nobody, so a read was refused by it. A write was sent all the same: who answers so may have
 * carried it out before (RFC 9110 §15.4.4 says as much of 303).
 */
function describeRedirect({ row }: LeaseContext, method: string, status: number): DeskError {
  const service = nameService(row.connection);
  if (method === 'GET') return new DeskError('lease_refused', { reason: `${service} sent a redirect` });
  return new ProviderError(
    'provider_unavailable',
    { service, status: `a redirect, ${status}` },
    { status, effectPossible: true },
  );
}

async function recordRequest(
  deps: VaultDeps,
  { row, code, turnId, traceId }: LeaseContext,
  type: 'provider.requested' | 'lease.refused',
  outcome: string,
  detail: Record<string, unknown>,
): Promise<void> {
  await deps.database.transaction((tx) =>
    append(tx, {
      workspaceId: row.workspaceId,
      type,
      actor: 'desk',
      memberId: row.memberId,
      action: row.action,
      target: row.connection,
      outcome,
      call: row.callId === null ? null : { id: row.callId, code: code ?? '' },
      turnId,
      traceId,
      detail: { lease: row.id, kind: row.kind, ...detail },
    }),
  );
}
