import { afterAll, beforeAll, expect, test } from 'vitest';
import postgres from 'postgres';
import { migrateDatabase } from '../../src/db/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let sql: postgres.Sql;
let setUps = 0;

const migrate = (): Promise<void> =>
  migrateDatabase(database.ownerUrl, 'drizzle', () => {
    setUps += 1;
    return Promise.resolve();
  });

beforeAll(async () => {
  database = await createTestDatabase();
  sql = postgres(database.ownerUrl, { max: 1 });
});

afterAll(async () => {
  await sql.end();
  await database.drop();
});

test('a database left by the same set-up is left alone; one left by another, or whose rights are gone, is not', async () => {
  await migrate();
  expect(setUps, 'the first look may find a template of another state').toBeLessThanOrEqual(1);
  setUps = 0;
  await migrate();
  expect(setUps).toBe(0);

  await sql`comment on schema langgraph is 'another set-up'`;
  await migrate();
  expect(setUps).toBe(1);
  await migrate();
  expect(setUps).toBe(1);

  await sql`revoke insert on pgboss.job from agentdesk_app`;
  await migrate();
  expect(setUps).toBe(2);
  const [row] = await sql`select has_table_privilege('agentdesk_app', 'pgboss.job', 'insert') as allowed`;
  expect(row?.['allowed']).toBe(true);
});
