import type postgres from 'postgres';

/** What a thread still has open; all empty = quiet. */
export interface Open {
  readonly turns: readonly string[];
  readonly work: readonly string[];
  readonly calls: readonly { readonly status: string; readonly action: string }[];
  readonly unsaid: readonly string[];
}

const OPEN_CALLS = ['allowed', 'pending', 'approved', 'executing'];

export interface CallRow {
  readonly status: string;
  readonly code: string;
  readonly error: string | null;
  readonly args: string;
}

/** Reads as the owner what the program has not finished for a thread. */
export async function readOpen(sql: postgres.Sql, thread: string): Promise<Open> {
  const [turns, work, calls, unsaid] = await Promise.all([
    sql<{ id: string; status: string }[]>`
      select id, status from agentdesk.turns
      where thread_ts = ${thread} and status not in ('done', 'failed', 'cancelled')`,
    sql<{ kind: string; error: string | null }[]>`
      select i.kind, i.last_error as error from agentdesk.inbox i join agentdesk.turns t on t.id = i.turn_id
      where t.thread_ts = ${thread} and i.processed_at is null`,
    sql<{ status: string; action: string }[]>`
      select c.status, c.action from agentdesk.calls c join agentdesk.turns t on t.id = c.turn_id
      where t.thread_ts = ${thread} and c.status in ${sql(OPEN_CALLS)}`,
    // Cards and private answers go to the direct message itself, without a thread: they are known by their keys.
    sql<{ key: string }[]>`
      select key from agentdesk.outbox
      where sent_at is null and failed_at is null and (
        thread_ts = ${thread} or position(${`/${thread}/`} in key) > 0 or split_part(key, ':', 2) in (
          select a.id::text from agentdesk.approvals a join agentdesk.turns t on t.id = a.turn_id
          where t.thread_ts = ${thread}))`,
  ]);
  return {
    turns: turns.map((turn) => `${turn.status} turn`),
    work: work.map(({ kind, error }) => `${kind}${error === null ? '' : ` (${error})`}`),
    calls,
    unsaid: unsaid.map(({ key }) => key),
  };
}

export function isQuiet({ turns, work, calls, unsaid }: Open): boolean {
  return turns.length + work.length + calls.length + unsaid.length === 0;
}

export function describeOpen({ turns, work, calls, unsaid }: Open): string {
  const list = [...turns, ...work, ...calls.map(({ status, action }) => `${action} ${status}`)];
  return [...list, ...unsaid.map((key) => `unsaid ${key}`)].join(', ');
}

/** The ledger's rows of a thread, replaced ones left out. */
export async function readCalls(sql: postgres.Sql, thread: string): Promise<CallRow[]> {
  return sql<CallRow[]>`
    select c.status, c.code, c.error_code as error, convert_from(c.args, 'UTF8') as args
    from agentdesk.calls c join agentdesk.turns t on t.id = c.turn_id
    where t.thread_ts = ${thread} and c.status <> 'superseded'`;
}

/** Messages that were given up: the person never reads them. */
export async function readGivenUp(sql: postgres.Sql): Promise<string[]> {
  const rows = await sql<{ key: string; error: string | null }[]>`
    select key, last_error as error from agentdesk.outbox where failed_at is not null`;
  return rows.map(({ key, error }) => `${key}: ${error ?? ''}`);
}

/** Calls that entered a state since `from`, for kills at it. */
export async function hasReached(sql: postgres.Sql, status: string, from: Date): Promise<boolean> {
  const rows = await sql`
    select 1 from agentdesk.calls where status = ${status} and created_at >= ${from} limit 1`;
  return rows.length > 0;
}
