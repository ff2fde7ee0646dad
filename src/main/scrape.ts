import type { Database } from '../db/client.ts';
import type { Metrics } from '../telemetry-metrics.ts';
import { describeError, type Log } from '../telemetry.ts';

/** The whole reading may take this long, and each query in it half of that. */
const READ_MS = 2000;
const OPEN_STATES = ['allowed', 'pending', 'approved', 'executing', 'unknown'];

type Sql = Database['sql'];

/**
 * Reads the state that only the database knows, by one query each over a partial index of just the open rows.
 * Exported for the test that looks at their plans.
 */
export const STATE_QUERIES = {
  calls: `select status as name, count(*)::int as count from agentdesk.calls
    where status in ('allowed','pending','approved','executing','unknown') group by status`,
  approvals: `select count(*)::int as count from agentdesk.approvals where status = 'pending'`,
  reconcile: `select count(*)::int as count from agentdesk.calls
    where status in ('executing','unknown') and reconcile_at <= clock_timestamp()`,
  conversation: `select count(*)::int as count,
    coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0)::float8 as oldest
    from agentdesk.inbox where processed_at is null`,
  deliver: `select count(*)::int as count,
    coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0)::float8 as oldest
    from agentdesk.outbox where sent_at is null and failed_at is null`,
  streams: `select s.sink as name, sum(l.size - s.next)::int as count, coalesce(extract(epoch from clock_timestamp()
      - min((select (f.leaf::jsonb->>'at')::timestamptz from agentdesk.audit_leaves f
        where f.workspace_id = s.workspace_id and f.index = s.next))), 0)::float8 as oldest
    from agentdesk.audit_streams s join agentdesk.audit_logs l on l.workspace_id = s.workspace_id group by s.sink`,
} as const;

/**
 * What `/metrics` answers. A database that does not answer in time costs the gauges that are read from it, which are
 * left out then, and is counted; the rest is answered all the same.
 * @param sinks the ways out of the audit log that are in use
 */
export function createScrape(
  metrics: Metrics,
  database: Database,
  log: Log,
  sinks: readonly string[] = [],
): () => Promise<{ contentType: string; body: string }> {
  let reading: Promise<void> | null = null;
  return async () => {
    // Scrapes that come together share one reading.
    reading ??= refresh(metrics, database.sql, log, sinks).finally(() => {
      reading = null;
    });
    await reading;
    const { registry } = metrics;
    return { contentType: registry.contentType, body: await registry.metrics() };
  };
}

async function refresh(metrics: Metrics, sql: Sql, log: Log, sinks: readonly string[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('the database did not answer in time'));
    }, READ_MS);
  });
  try {
    show(metrics, await Promise.race([readState(sql), late]), sinks);
  } catch (error) {
    metrics.stateFailures.inc();
    hide(metrics);
    log.warn({ error: describeError(error) }, 'the state for /metrics could not be read');
  } finally {
    clearTimeout(timer);
  }
}

interface Row {
  readonly name?: string;
  readonly count: number;
  readonly oldest?: number;
}
type State = Record<keyof typeof STATE_QUERIES, readonly Row[]>;

async function readState(sql: Sql): Promise<State> {
  return sql.begin('read only', async (tx) => {
    await tx.unsafe(`set local statement_timeout = ${READ_MS / 2}`);
    const entries: [string, readonly Row[]][] = [];
    for (const [name, query] of Object.entries(STATE_QUERIES)) {
      entries.push([name, await tx.unsafe<Row[]>(query)]);
    }
    return Object.fromEntries(entries) as State;
  });
}

/** What is not known is not shown: an old number, or 0, would be believed. */
function hide(metrics: Metrics): void {
  for (const gauge of [metrics.callsOpen, metrics.queueDepth, metrics.queueOldest]) gauge.reset();
  for (const gauge of [metrics.approvalsPending, metrics.reconcileBacklog]) gauge.remove();
}

function show(metrics: Metrics, state: State, sinks: readonly string[]): void {
  for (const name of OPEN_STATES) {
    const row = state.calls.find((found) => found.name === name);
    metrics.callsOpen.set({ state: name }, row?.count ?? 0);
  }
  metrics.approvalsPending.set(state.approvals[0]?.count ?? 0);
  metrics.reconcileBacklog.set(state.reconcile[0]?.count ?? 0);
  for (const queue of ['conversation', 'deliver'] as const) {
    metrics.queueDepth.set({ queue }, state[queue][0]?.count ?? 0);
    metrics.queueOldest.set({ queue }, state[queue][0]?.oldest ?? 0);
  }
  for (const sink of sinks) {
    const row = state.streams.find(({ name }) => name === sink);
    metrics.queueDepth.set({ queue: `audit_${sink}` }, row?.count ?? 0);
    metrics.queueOldest.set({ queue: `audit_${sink}` }, row?.oldest ?? 0);
  }
}
