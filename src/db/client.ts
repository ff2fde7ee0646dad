import type postgres from 'postgres';
import { silent, type Telemetry } from '../telemetry-types.ts';
import { sql } from './drizzle.ts';
import { createPool, type DatabaseAccess, type Db, type Generation } from './pool.ts';

/** An open transaction. Functions that must not run outside one take this type, which `Db` does not fit. */
export type Transaction = Parameters<Parameters<Db['transaction']>[0]>[0] & {
  /** Has `tell` called once the transaction is committed, and never when it is not. It must not throw. */
  afterCommit(tell: (telemetry: Telemetry) => void): void;
};

export interface TransactionMode {
  readonly isolationLevel?: 'read committed' | 'repeatable read';
  readonly accessMode?: 'read only' | 'read write';
}

export interface Database {
  readonly db: Db;
  readonly sql: postgres.Sql;
  /** Runs `work` in one transaction; see {@link retryTransaction} for what is repeated. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** The same, for what reads tables whose rows show only inside their workspace; see {@link within}. */
  within<T>(workspaceId: string, work: (tx: Transaction) => Promise<T>, mode?: TransactionMode): Promise<T>;
  close(): Promise<void>;
}

/**
 * SQLSTATEs after which the same transaction may simply be tried again, because nothing of it was kept.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const RETRYABLE = new Set(['40001', '40P01', '57P03', '53300']);
const ATTEMPTS = 5;

/**
 * @param max connections the pool may hold; sized by the caller, because processes share the server
 * @param telemetry told of what was committed
 */
export function createDatabase(access: DatabaseAccess, max: number, telemetry: Telemetry = silent): Database {
  const pool = createPool(access, max);
  const transaction = async <T>(
    work: (tx: Transaction) => Promise<T>,
    mode?: TransactionMode,
  ): Promise<T> => {
    const { result, told } = await retryTransaction(pool.current, work, mode);
    for (const tell of told) tell(telemetry);
    return result;
  };
  return {
    get db() {
      return pool.current().db;
    },
    get sql() {
      return pool.current().sql;
    },
    transaction,
    within: (workspaceId, work, mode) => transaction((tx) => within(tx, workspaceId, () => work(tx)), mode),
    close: () => pool.close(),
  };
}

/** `work` may run several times: it must do nothing but talk to the database. */
async function retryTransaction<T>(
  current: () => Pick<Generation, 'db'>,
  work: (tx: Transaction) => Promise<T>,
  mode?: TransactionMode,
): Promise<{ result: T; told: readonly ((telemetry: Telemetry) => void)[] }> {
  for (let attempt = 1; ; attempt += 1) {
    // Of each attempt its own: what an attempt that failed had to tell did not happen.
    const told: ((telemetry: Telemetry) => void)[] = [];
    const afterCommit = (tell: (telemetry: Telemetry) => void): void => {
      told.push(tell);
    };
    try {
      const result = await current().db.transaction((tx) => work(Object.assign(tx, { afterCommit })), mode);
      return { result, told };
    } catch (error) {
      if (attempt === ATTEMPTS || !RETRYABLE.has(readSqlState(error))) throw error;
      // Jitter, so that two transactions that met once do not meet again.
      await new Promise((resolve) => setTimeout(resolve, 20 * attempt * (1 + Math.random())));
    }
  }
}

/**
 * Reads inside a workspace: rows of tables with row-level security (`audit_events`, `audit_pseudonyms`,
 * `audit_findings`) show only there. This is the one place that says to the database whose rows are meant; it lasts to
 * the end of the transaction. It travels with the first query of `read`, which does not wait for its answer.
 */
export async function within<T>(
  tx: Pick<Transaction, 'execute'>,
  workspaceId: string,
  read: () => PromiseLike<T>,
): Promise<T> {
  const setting = tx
    .execute(sql`select set_config('agentdesk.workspace', ${workspaceId}, true)`)
    .then(() => undefined);
  const [, result] = await Promise.all([setting, read()]);
  return result;
}

/** The SQLSTATE of a driver error, wherever the ORM wrapped it; empty when there is none. */
export function readSqlState(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code: unknown = (at as { code?: unknown }).code;
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return code;
  }
  return '';
}
