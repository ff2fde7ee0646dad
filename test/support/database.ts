import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import { createDatabase, type Database } from '../../src/db/client.ts';
import { withDatabase } from './global-setup.ts';

export interface TestDatabase {
  readonly ownerUrl: string;
  /** As the application: owns nothing. */
  readonly desk: Database;
  /** As the embedded authority. */
  readonly authority: Database;
  readonly owner: postgres.Sql;
  drop(): Promise<void>;
}

/** A database of this test file's own, copied from the migrated template. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = inject('ownerUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const server = postgres(serverUrl, { max: 1, onnotice: () => undefined });
  await server.unsafe(`create database ${name} template ${inject('template')}`);
  const ownerUrl = withDatabase(serverUrl, name);
  const desk = createDatabase({ url: ownerUrl, role: 'agentdesk_app' }, 8);
  const authority = createDatabase({ url: ownerUrl, role: 'agentdesk_authority' }, 4);
  const owner = postgres(ownerUrl, { max: 2, onnotice: () => undefined });
  return {
    ownerUrl,
    desk,
    authority,
    owner,
    async drop() {
      await Promise.all([desk.close(), authority.close(), owner.end({ timeout: 5 })]);
      await server.unsafe(`drop database ${name} with (force)`);
      await server.end();
    },
  };
}
