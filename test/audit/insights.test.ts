import { afterAll, beforeAll, expect, it } from 'vitest';
import { readInsights } from '../../src/audit/read/insights.ts';
import type { AuditScope } from '../../src/audit/read/filter.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const SCOPE: AuditScope = { workspaceId: 'T1', memberId: null, zone: 'Europe/Berlin' };
const SINCE = new Date('2026-11-01T00:00:00Z');
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const rows: [string, string, string, string, object?][] = [
    [
      'call.proposed',
      'U1',
      'agent:default',
      'proposed',
      { targets: [{ kind: 'address', value: 'priya@acme.test' }] },
    ],
    [
      'call.proposed',
      'U2',
      'agent:default',
      'proposed',
      { targets: [{ kind: 'address', value: 'priya@acme.test' }] },
    ],
    ['call.decided', 'U1', 'desk', 'allow'],
    ['call.decided', 'U1', 'desk', 'approve'],
    ['call.decided', 'U2', 'desk', 'deny'],
    ['call.decided', 'U2', 'desk', 'deny'],
    ['call.decided', 'U1', 'member:U1', 'denied'],
    ['approval.decided', 'U1', 'member:U1', 'approved', { seconds: 1, faster_than_reading: true }],
    ['approval.decided', 'U1', 'member:U1', 'approved', { seconds: 9 }],
    ['approval.decided', 'U1', 'member:U1', 'denied', { seconds: 3 }],
    ['approval.decided', 'U2', 'desk', 'expired', { ms: 600_000 }],
    ['token.exchanged', 'U1', 'desk', 'ok'],
    ['call.settled', 'U1', 'desk', 'done'],
    ['call.settled', 'U2', 'desk', 'failed'],
  ];
  for (const [type, member, actor, outcome, detail] of rows)
    await database.owner`insert into agentdesk.audit_events
        (workspace_id, at, type, actor, member_id, action, target, outcome, why, detail)
      values ('T1', '2026-11-16T23:30:00Z', ${type}, ${actor}, ${member}, 'gmail.messages.send', 'google-oauth2', ${outcome},
        ${outcome === 'deny' ? 'No rule permits it.' : null}, ${database.owner.json((detail ?? {}) as never)})`;
  await database.owner`insert into agentdesk.audit_events (workspace_id, at, type, actor, outcome)
    values ('T1', '2026-10-01', 'call.settled', 'desk', 'done'), ('T2', '2026-11-17', 'call.settled', 'desk', 'done')`;
});
afterAll(() => database.drop());

it('counts what was done, decided and answered, of one workspace and the days asked for', async () => {
  expect(await readInsights(database.desk, SCOPE, SINCE)).toEqual({
    days: 30,
    // Half past midnight in Berlin is the next day.
    actions: [{ day: '2026-11-17', name: 'gmail', count: 1 }],
    exchanges: [{ day: '2026-11-17', name: 'google-oauth2', count: 1 }],
    policy: [
      { name: 'deny', count: 2 },
      { name: 'allow', count: 1 },
      { name: 'approve', count: 1 },
    ],
    answers: [
      { name: 'approved', count: 2 },
      { name: 'denied', count: 1 },
      { name: 'expired', count: 1 },
    ],
    decision: { median: 3, p95: expect.closeTo(8.4) as number },
    denials: [
      { name: 'No rule permits it.', count: 2 },
      { name: 'no reason given', count: 1 },
    ],
    targets: [{ name: 'priya@acme.test', count: 2 }],
    answering: [{ memberId: 'U1', answers: 3, denied: 1, quick: 1, unread: 1 }],
  });
});

it('counts for a member what was done for them, and nothing where nothing was', async () => {
  const mine = await readInsights(database.desk, { ...SCOPE, memberId: 'U2' }, SINCE);
  expect(mine).toMatchObject({ actions: [], exchanges: [], decision: null, answering: [] });
  expect(mine.policy).toEqual([{ name: 'deny', count: 2 }]);
  const none = await readInsights(database.desk, { ...SCOPE, workspaceId: 'T9' }, SINCE);
  expect(none).toMatchObject({ policy: [], answers: [], decision: null, targets: [] });
});
