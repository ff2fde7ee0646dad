import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eq, sql } from '../../src/db/drizzle.ts';
import { inboundEvents } from '../../src/db/schema/conversations.ts';
import { createDatabase, type Database } from '../../src/db/client.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

describe('statements of the ORM', () => {
  let database: TestDatabase;
  let one: Database;

  beforeAll(async () => {
    database = await createTestDatabase();
    one = createDatabase({ url: database.ownerUrl, role: 'agentdesk_app' }, 1);
  });

  afterAll(async () => {
    await one.close();
    await database.drop();
  });

  const listPrepared = async (): Promise<{ statement: string; uses: number }[]> =>
    one.db.execute<{ statement: string; uses: number }>(
      sql.raw('select statement, (generic_plans + custom_plans)::int as uses from pg_prepared_statements'),
    );

  it('are prepared once a connection, outside of transactions and in them', async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      await one.db
        .select()
        .from(inboundEvents)
        .where(eq(inboundEvents.eventId, `out ${turn}`));
      await one.transaction((tx) =>
        tx.insert(inboundEvents).values({ workspaceId: 'T1', eventId: `in ${turn}` }),
      );
    }
    const prepared = await listPrepared();
    const usesOf = (beginning: string): number[] =>
      prepared.filter(({ statement }) => statement.startsWith(beginning)).map(({ uses }) => uses);
    expect(usesOf('select "workspace_id", "event_id"')).toEqual([3]);
    expect(usesOf('insert into "agentdesk"."inbound_events"')).toEqual([3]);
  });

  it('are not kept when each is of another length', async () => {
    const rows = Array.from({ length: 150 }, (_, index) => ({ workspaceId: 'T2', eventId: `many ${index}` }));
    await one.transaction((tx) => tx.insert(inboundEvents).values(rows));
    const prepared = await listPrepared();
    expect(prepared.filter(({ statement }) => statement.includes('$200'))).toEqual([]);
    expect(await one.db.select().from(inboundEvents).where(eq(inboundEvents.workspaceId, 'T2'))).toHaveLength(
      150,
    );
  });

  it('roll back as before', async () => {
    const fail = one.transaction(async (tx) => {
      await tx.insert(inboundEvents).values({ workspaceId: 'T3', eventId: 'gone' });
      throw new Error('no');
    });
    await expect(fail).rejects.toThrow('no');
    expect(await one.db.select().from(inboundEvents).where(eq(inboundEvents.workspaceId, 'T3'))).toEqual([]);
  });
});
