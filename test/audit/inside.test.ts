import { afterAll, beforeAll, expect, it } from 'vitest';
import { listFindings, recordFinding } from '../../src/audit/check/findings.ts';
import { sealAll } from '../../src/audit/log/seal.ts';
import { wasDone } from '../../src/audit/query.ts';
import { within } from '../../src/db/client.ts';
import { sql } from '../../src/db/drizzle.ts';
import { listEvents } from '../support/list-events.ts';
import { createAuditKit, type AuditKit } from './kit.ts';

const CALL = '00000000-0000-4000-8000-000000000007';

let kit: AuditKit;
beforeAll(async () => {
  kit = await createAuditKit();
  await kit.fill(3);
  await kit.fill(2, { workspaceId: 'T2' });
  await kit.fill(1, { type: 'call.settled', outcome: 'done', call: { id: CALL, code: 'K7QF2M9C' } });
  for (const workspaceId of ['T1', 'T2']) {
    await sealAll(kit.desk, kit.signer, workspaceId);
    const finding = { kind: 'orphan', key: 'orphan/1', text: 'x' } as const;
    await kit.desk.within(workspaceId, (tx) => recordFinding(tx, workspaceId, finding));
  }
});
afterAll(() => kit.drop());

const TABLES = ['audit_events', 'audit_pseudonyms', 'audit_findings'];
const workspaces = (table: string) =>
  sql.raw(`select distinct workspace_id as id from agentdesk.${table} order by 1`);

it.each(TABLES)('a query of %s that says no workspace gets nothing', async (table) => {
  expect(await kit.desk.db.execute(workspaces(table))).toHaveLength(0);
  expect(await kit.desk.transaction((tx) => tx.execute(workspaces(table)))).toHaveLength(0);
});

it.each(TABLES)('a query of %s that forgets its filter gets its own workspace alone', async (table) => {
  for (const id of ['T1', 'T2']) {
    const rows = await kit.desk.within(id, (tx) => tx.execute(workspaces(table)));
    expect([...rows]).toEqual([{ id }]);
  }
});

it('the workspace is forgotten with its transaction, on every connection', async () => {
  await Promise.all(
    Array.from({ length: 16 }, () => kit.desk.within('T1', (tx) => tx.execute(workspaces('audit_events')))),
  );
  const left = await Promise.all(
    Array.from({ length: 16 }, () => kit.desk.db.execute(workspaces('audit_events'))),
  );
  expect(left.flat()).toEqual([]);
});

it('what reads the log reads inside the workspace it was asked for', async () => {
  expect(await listEvents(kit.desk, 'T2')).toHaveLength(3);
  expect(await listFindings(kit.desk, 'T2')).toHaveLength(1);
  // In a transaction that says none, and one that says another.
  expect(await kit.desk.transaction((tx) => wasDone(tx, 'T1', CALL))).toBe(true);
  expect(await kit.desk.transaction((tx) => within(tx, 'T2', () => wasDone(tx, 'T1', CALL)))).toBe(true);
  expect(await kit.desk.transaction((tx) => wasDone(tx, 'T2', CALL))).toBe(false);
});

it('no role of ours may turn it off', async () => {
  for (const statement of [
    'alter table agentdesk.audit_events disable row level security',
    'drop policy audit_events_inside on agentdesk.audit_events',
    'set row_security = off; select 1 from agentdesk.audit_events',
  ]) {
    await expect(kit.desk.sql.unsafe(statement)).rejects.toThrow();
  }
});
