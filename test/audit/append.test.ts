import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { append } from '../../src/audit/append.ts';
import { listLines } from '../../src/audit/read/lines.ts';
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

  const listTypes = async (workspaceId: string, memberId: string | null): Promise<string[]> => {
    const scope = { workspaceId, memberId, zone: 'UTC' };
    const { lines } = await listLines(database.desk, scope, {}, { place: null, limit: 10 });
    return lines.map(({ head }) => head.type);
  };

  it('goes with the transaction it describes', async () => {
    const failing = database.desk.transaction(async (tx) => {
      await append(tx, { workspaceId: 'T1', type: 'desk.stopped', actor: 'desk', outcome: 'stopped' });
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    expect(await listTypes('T1', null)).toEqual(['message.received']);
  });

  it('shows a member their own events only, and a workspace its own', async () => {
    expect(await listTypes('T1', 'U2')).toEqual([]);
    expect(await listTypes('T2', null)).toEqual([]);
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
