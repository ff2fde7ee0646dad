import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { setupCheckpoints } from '../../src/agent/checkpoints.ts';
import { startEmbeddedPostgres } from '../../src/db/embedded/start.ts';
import { migrateDatabase } from '../../src/db/migrate.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    ownerUrl: string;
    template: string;
  }
}

/**
 * One PostgreSQL for the whole run and one migrated template; each test file copies the template.
 * AGENTDESK_TEST_CLUSTER names a directory whose cluster is kept between runs.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const kept = process.env['AGENTDESK_TEST_CLUSTER'];
  const dataDir = kept ?? mkdtempSync(join(tmpdir(), 'agentdesk-test-'));
  const server = await startEmbeddedPostgres({ dataDir, durable: false, log: () => undefined });
  const template = `template_${hashMigrations()}`;
  const sql = postgres(server.url, { max: 1, onnotice: () => undefined });
  await sql`select pg_advisory_lock(4711)`;
  if ((await sql`select 1 from pg_database where datname = ${template}`).length === 0) {
    await sql.unsafe(`create database ${template}_making`);
    await migrateDatabase(withDatabase(server.url, `${template}_making`), 'drizzle', setupCheckpoints);
    await sql.unsafe(`alter database ${template}_making rename to ${template}`);
  }
  await sql.end();
  project.provide('ownerUrl', server.url);
  project.provide('template', template);
  return async () => {
    if (kept !== undefined) return;
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}

/** The same server, another database. */
export function withDatabase(url: string, name: string): string {
  const copy = new URL(url);
  copy.pathname = `/${name}`;
  return copy.href;
}

function hashMigrations(): string {
  const hash = createHash('sha256');
  for (const name of [
    ...readdirSync('drizzle')
      .sort()
      .map((file) => join('drizzle', file)),
    'src/db/jobs.ts',
  ]) {
    if (statSync(name).isFile()) hash.update(readFileSync(name));
  }
  return hash.digest('hex').slice(0, 12);
}
