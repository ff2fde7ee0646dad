import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { join } from 'node:path';
import type postgres from 'postgres';
import { QUEUE_OPTIONS, QUEUES } from './queues.ts';

/** The packages that make tables of their own. */
const MAKERS = ['pg-boss', '@langchain/langgraph-checkpoint-postgres'];

/**
 * A name for everything a set-up brings: our migrations, the queues, and the versions of the packages that make tables of
 * their own. Two programs with the same name would do the same to a database.
 */
export function nameSetUp(migrationsFolder: string): string {
  const hash = createHash('sha256').update(readFileSync(join(migrationsFolder, 'meta', '_journal.json')));
  for (const name of MAKERS) {
    const file = findPackageJSON(name, import.meta.url);
    if (file === undefined) throw new Error(`the package ${name} is not installed`);
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
    hash.update(`\n${name} ${version}`);
  }
  return hash.update(JSON.stringify([QUEUES, QUEUE_OPTIONS])).digest('hex');
}

/**
 * Whether exactly this set-up was the last that ended, and its rights are there (a dump brings the mark back, but
 * not the roles).
 */
export async function isSetUp(sql: postgres.Sql, name: string): Promise<boolean> {
  const [row] = await sql<{ done: boolean | null }[]>`
    select case
      when obj_description(to_regnamespace('langgraph'), 'pg_namespace') is distinct from ${name} then false
      when to_regrole('agentdesk_app') is null or to_regrole('agentdesk_authority') is null then false
      when to_regclass('pgboss.job') is null then false
      else has_table_privilege('agentdesk_app', 'pgboss.job', 'insert')
    end as done`;
  return row?.done === true;
}

/** Kept as the comment of a schema that only the owner may comment, so that it goes wherever a dump goes. */
export async function markSetUp(sql: postgres.Sql, name: string): Promise<void> {
  await sql.unsafe(`comment on schema langgraph is '${name}'`);
}
