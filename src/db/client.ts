import postgres from 'postgres';
import { drizzle } from './drizzle.ts';

/** How to reach the database: the URL, and the role to act as when the login may act as others. */
export interface DatabaseAccess {
  readonly url: string;
  readonly role: 'agentdesk_app' | 'agentdesk_authority' | null;
}

export type Db = ReturnType<typeof drizzle>;

/** An open transaction. Functions that must not run outside one take this type, which `Db` does not fit. */
export type Transaction = Parameters<Parameters<Db['transaction']>[0]>[0];

export interface Database {
  readonly db: Db;
  readonly sql: postgres.Sql;
  /** Runs `work` in one transaction; see {@link retryTransaction} for what is repeated. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * SQLSTATEs after which the same transaction may simply be tried again, because nothing of it was kept.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const RETRYABLE = new Set(['40001', '40P01', '57P03', '53300']);
const ATTEMPTS = 5;

/** @param max connections the pool may hold; sized by the caller, because processes share the server */
export function createDatabase(access: DatabaseAccess, max: number): Database {
  const sql = postgres(access.url, {
    max,
    onnotice: () => undefined,
    connect_timeout: 10,
    connection: {
      application_name: 'agentdesk',
      ...(access.role === null ? {} : { role: access.role }),
    },
  });
  const db = drizzle(sql);
  return {
    db,
    sql,
    transaction: (work) => retryTransaction(db, work),
    close: () => sql.end({ timeout: 5 }),
  };
}

/** `work` may run several times: it must do nothing but talk to the database. */
async function retryTransaction<T>(db: Db, work: (tx: Transaction) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction(work);
    } catch (error) {
      if (attempt === ATTEMPTS || !RETRYABLE.has(readSqlState(error))) throw error;
      // Jitter, so that two transactions that met once do not meet again.
      await new Promise((resolve) => setTimeout(resolve, 20 * attempt * (1 + Math.random())));
    }
  }
}

/** The SQLSTATE of a driver error, wherever the ORM wrapped it; empty when there is none. */
export function readSqlState(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code: unknown = (at as { code?: unknown }).code;
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return code;
  }
  return '';
}
