import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { setupCheckpoints } from '../../src/agent/checkpoints.ts';
import { startEmbeddedPostgres } from '../../src/db/embedded/start.ts';
import { migrateDatabase } from '../../src/db/migrate.ts';

export interface Databases {
  /** A database of its own, with our tables in it. @returns its URL, as the owner */
  create(name: string): Promise<string>;
  /** One without any tables. */
  createEmpty(name: string): Promise<string>;
  stop(): Promise<void>;
}

/** One PostgreSQL for all of a run, as durable as the embedded one is for a user: commits wait for the disk. */
export async function startDatabases(): Promise<Databases> {
  const dataDir = mkdtempSync(join(tmpdir(), 'agentdesk-bench-db-'));
  const server = await startEmbeddedPostgres({ dataDir, log: () => undefined });
  const owner = postgres(server.url, { max: 1, onnotice: () => undefined });
  const urlOf = (name: string): string => {
    const url = new URL(server.url);
    url.pathname = `/${name}`;
    return url.href;
  };
  await owner.unsafe('create database bench_template');
  await migrateDatabase(urlOf('bench_template'), 'drizzle', setupCheckpoints);
  return {
    async create(name) {
      await owner.unsafe(`create database ${name} template bench_template`);
      return urlOf(name);
    },
    async createEmpty(name) {
      await owner.unsafe(`create database ${name}`);
      return urlOf(name);
    },
    async stop() {
      await owner.end({ timeout: 5 });
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
