import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { append } from '../../src/audit/append.ts';
import { listEvents } from '../../src/audit/query.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

describe('the audit log', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await database.desk.transaction((tx) =>
      append(tx, {
        workspaceId: 'T1',
        type: 'message.received',
        actor: 'member:U1',
        memberId: 'U1',
        outcome: 'queued',
      }),
    );
  });
  afterAll(() => database.drop());

  it.each([
    ["update agentdesk.audit_events set outcome = 'x'"],
    ['delete from agentdesk.audit_events'],
    ['truncate agentdesk.audit_events'],
  ])('refuses the application: %s', async (statement) => {
    await expect(database.desk.sql.unsafe(statement)).rejects.toThrow(/permission denied/);
  });

  it.each([
    ["update agentdesk.audit_events set outcome = 'x'"],
    ['delete from agentdesk.audit_events'],
    ['truncate agentdesk.audit_events'],
  ])('refuses even its owner, by trigger: %s', async (statement) => {
    await expect(database.owner.unsafe(statement)).rejects.toThrow(/append-only/);
  });

  it('is not readable or writable by the authority', async () => {
    await expect(database.authority.sql`select 1 from agentdesk.audit_events`).rejects.toThrow(
      /permission denied/,
    );
  });

  it('goes with the transaction it describes', async () => {
    const failing = database.desk.transaction(async (tx) => {
      await append(tx, { workspaceId: 'T1', type: 'desk.stopped', actor: 'desk', outcome: 'stopped' });
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    const events = await listEvents(database.desk, { workspaceId: 'T1', memberId: null, limit: 10 });
    expect(events.map((event) => event.type)).toEqual(['message.received']);
  });

  it('shows a member their own events only, and a workspace its own', async () => {
    expect(await listEvents(database.desk, { workspaceId: 'T1', memberId: 'U2', limit: 10 })).toEqual([]);
    expect(await listEvents(database.desk, { workspaceId: 'T2', memberId: null, limit: 10 })).toEqual([]);
  });
});

describe('database roles', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('the application owns nothing', async () => {
    const owned = await database.owner`
      select relname from pg_class c join pg_roles r on r.oid = c.relowner
      where r.rolname in ('agentdesk_app', 'agentdesk_authority')`;
    expect(owned).toEqual([]);
  });

  it('the application cannot read the vault, the authority cannot read the desk', async () => {
    await expect(database.desk.sql`select 1 from authority.connected_accounts`).rejects.toThrow(
      /permission denied/,
    );
    await expect(database.authority.sql`select 1 from agentdesk.calls`).rejects.toThrow(/permission denied/);
  });
});
