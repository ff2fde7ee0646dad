import postgres from 'postgres';

export interface Session {
  readonly sql: postgres.Sql;
  close(): Promise<void>;
}

/** One connection that can only read, and gives up in time. @param timeoutMs of connecting, and of each statement */
export function openSession(url: string, timeoutMs: number): Session {
  const sql = postgres(url, {
    max: 1,
    fetch_types: false,
    onnotice: () => undefined,
    connect_timeout: Math.max(1, Math.ceil(timeoutMs / 1000)),
    connection: {
      application_name: 'agentdesk-doctor',
      default_transaction_read_only: true,
      statement_timeout: timeoutMs,
    },
  });
  return { sql, close: () => sql.end({ timeout: 1 }) };
}
