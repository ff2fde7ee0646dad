import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '../../src/db/drizzle.ts';
import { userMessage } from '../../src/errors.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
}, 60_000);
afterAll(() => database.drop());

async function tell(work: () => Promise<unknown>): Promise<string> {
  return work().then(
    () => 'nothing went wrong',
    (error: unknown) => userMessage(error, 'abcd'),
  );
}

describe('what a person is told when the database is in trouble', () => {
  it('a full disk, as PostgreSQL reports it', async () => {
    // A disk cannot be filled here; the server raises the very SQLSTATE it would.
    const said = await tell(() =>
      database.desk.transaction((tx) =>
        tx.execute(
          sql`do $$ begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$`,
        ),
      ),
    );
    expect(said).toContain('no disk space left');
    expect(said).toContain('abcd');
  });

  it('a server that shuts down in the middle', async () => {
    const said = await tell(() =>
      database.desk.transaction(async (tx) => {
        const [row] = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
        await database.owner`select pg_terminate_backend(${row?.pid ?? 0})`;
        await tx.execute(sql`select pg_sleep(1)`);
      }),
    );
    expect(said).toContain('does not answer at the moment');
  });

  it('sends nothing more of a transaction whose connection was lost, not even alone', async () => {
    await database.owner`create table if not exists public.lost (n int)`;
    await database.owner`grant insert on public.lost to agentdesk_app`;
    const said = await tell(() =>
      database.desk.transaction(async (tx) => {
        const [row] = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
        await database.owner`select pg_terminate_backend(${row?.pid ?? 0})`;
        // Others take new connections meanwhile.
        await Promise.all(Array.from({ length: 8 }, () => database.desk.db.execute(sql`select 1`)));
        await new Promise((resolve) => setTimeout(resolve, 200));
        await tx.execute(sql`insert into public.lost values (1)`);
      }),
    );
    expect(said).toContain('does not answer at the moment');
    expect(await database.owner`select * from public.lost`).toEqual([]);
  });

  it('works on with all its connections after each one was lost under load', async () => {
    const { desk, owner } = database;
    let failed = 0;
    let isOver = false;
    const busy = Array.from({ length: 16 }, async () => {
      while (!isOver) {
        await desk
          .transaction(async (tx) => {
            await tx.execute(sql`select pg_sleep(0.002)`);
            await tx.execute(sql`select 1`);
          })
          .catch(() => (failed += 1));
      }
    });
    for (let round = 0; round < 10; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      await owner`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'agentdesk' and datname = current_database()`;
    }
    isOver = true;
    await Promise.all(busy);
    expect(failed).toBeGreaterThan(0);
    const answers = Array.from({ length: 16 }, () =>
      desk.transaction((tx) => tx.execute<{ one: number }>(sql`select 1 as one from pg_sleep(0.05)`)),
    );
    expect((await Promise.all(answers)).map(([row]) => row?.one)).toEqual(Array(16).fill(1));
  });
});
