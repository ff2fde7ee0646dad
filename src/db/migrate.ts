import postgres from 'postgres';
import { isSetUp, markSetUp, nameSetUp } from './setup-mark.ts';

/** Any constant will do, as long as every version of the program uses the same one. */
const MIGRATION_LOCK = 7_204_416;

/**
 * Brings schema, roles and queues up to date, as the owner and under one lock, so that any number of processes
 * may start at once. A database that says it was left by the same set-up is left alone, which a start is quicker for.
 * @param alsoSetUp other owners' set-up that must run under the same lock (LangGraph's checkpoint tables)
 */
export async function migrateDatabase(
  ownerUrl: string,
  migrationsFolder: string,
  alsoSetUp: (ownerUrl: string) => Promise<void>,
): Promise<void> {
  const sql = postgres(ownerUrl, {
    max: 1,
    onnotice: () => undefined,
    connect_timeout: 10,
    fetch_types: false,
  });
  const lock = postgres(ownerUrl, { max: 1, onnotice: () => undefined, connect_timeout: 10 });
  const setUp = nameSetUp(migrationsFolder);
  try {
    if (await isSetUp(sql, setUp)) return;
    // Loaded only when there is something to do.
    const { drizzle, migrate } = await import('./drizzle.ts');
    const { setupJobs } = await import('./jobs.ts');
    await lock`select pg_advisory_lock(${MIGRATION_LOCK})`;
    await migrate(drizzle(sql), { migrationsFolder });
    await setupJobs(ownerUrl);
    await alsoSetUp(ownerUrl);
    for (const schema of ['pgboss', 'langgraph']) {
      await sql.unsafe(`grant usage on schema ${schema} to agentdesk_app;
        grant all on all tables in schema ${schema} to agentdesk_app;
        grant all on all sequences in schema ${schema} to agentdesk_app;
        grant execute on all functions in schema ${schema} to agentdesk_app`);
    }
    await markSetUp(sql, setUp);
  } finally {
    await lock.end({ timeout: 5 });
    await sql.end({ timeout: 5 });
  }
}

/** Gives roles logins of their own, so that the application does not connect as the owner. */
export async function setRolePasswords(
  ownerUrl: string,
  passwords: Readonly<Record<string, string>>,
): Promise<void> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => undefined, fetch_types: false });
  try {
    for (const [role, password] of Object.entries(passwords)) {
      if (!/^\w+$/.test(password)) throw new Error('role passwords are made of word characters');
      await sql.unsafe(`alter role ${role} login password '${password}'`);
    }
  } finally {
    await sql.end({ timeout: 5 });
  }
}
