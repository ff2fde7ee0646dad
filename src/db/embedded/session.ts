import { existsSync, realpathSync } from 'node:fs';
import postgres from 'postgres';
import { OWNER_ROLE } from './cluster.ts';
import { hasCode } from './errno.ts';

const DATABASE = 'agentdesk';

/** Connection string of the owner role for a server on this machine. */
export function ownerUrl(port: number, password: string, database = DATABASE): string {
  return `postgres://${OWNER_ROLE}:${password}@127.0.0.1:${port}/${database}`;
}

/**
 * What a port of this machine answers to the owner role: `ours` when a server of that very cluster; `refused`
 * when it does not know the password; `silent` when nothing answers, or not yet.
 */
export async function askServer(
  port: number,
  password: string,
  cluster: string,
): Promise<'ours' | 'foreign' | 'refused' | 'silent'> {
  try {
    const directory = await withOwner(port, password, 'postgres', async (sql) => {
      const [row] = await sql`select current_setting('data_directory') as directory`;
      return String(row?.['directory']);
    });
    return isSamePath(directory, cluster) ? 'ours' : 'foreign';
  } catch (error) {
    // SQLSTATE class 28: https://www.postgresql.org/docs/18/errcodes-appendix.html
    if (hasCode(error, '28P01', '28000')) return 'refused';
    if (error instanceof Error) return 'silent';
    throw error;
  }
}

/** Creates the database when it is not there. */
export async function ensureDatabase(port: number, password: string): Promise<void> {
  await withOwner(port, password, 'postgres', async (sql) => {
    const rows = await sql`select 1 from pg_database where datname = ${DATABASE}`;
    if (rows.length === 0) await sql`create database ${sql(DATABASE)}`;
  });
}

async function withOwner<T>(
  port: number,
  password: string,
  database: string,
  ask: (sql: postgres.Sql) => Promise<T>,
): Promise<T> {
  const sql = postgres(ownerUrl(port, password, database), {
    max: 1,
    ssl: false,
    connect_timeout: 5,
    fetch_types: false,
    onnotice: () => undefined,
  });
  try {
    return await ask(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

function isSamePath(left: string, right: string): boolean {
  return left === right || (existsSync(left) && realpathSync(left) === realpathSync(right));
}
