import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAdapterFactory } from '../../src/authority/adapter.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('goes on after PostgreSQL has ended every connection', async () => {
  const factory = createAdapterFactory({ database: database.authority, now: () => new Date() });
  const adapter = typeof factory === 'function' ? factory('Grant') : null;
  if (adapter === null) throw new Error('no adapter');
  await adapter.upsert('one', { accountId: 'U0BEN' }, 600);
  await database.owner`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and usename = current_user and pid <> pg_backend_pid()
      and application_name = 'agentdesk'`;
  await expect
    .poll(() => adapter.find('one').then((found) => found?.accountId, String), { timeout: 20_000 })
    .toBe('U0BEN');
  expect(await adapter.find('one')).toMatchObject({ accountId: 'U0BEN' });
});
