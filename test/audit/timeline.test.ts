import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { append, type AuditEvent } from '../../src/audit/append.ts';
import { conditionsOf, type AuditFilter, type AuditScope } from '../../src/audit/read/filter.ts';
import { listLines } from '../../src/audit/read/lines.ts';
import { findHeadOfCall, readStory } from '../../src/audit/read/story.ts';
import { VOCABULARY } from '../../src/audit/vocabulary.ts';
import { sql } from '../../src/db/drizzle.ts';
import { AUDIT_CONDITIONS } from '../../src/db/schema/audit-conditions.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const SCOPE: AuditScope = { workspaceId: 'T1', memberId: null, zone: 'Europe/Berlin' };
const ben = { ...SCOPE, memberId: 'U0BEN' };
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await fill(10_000);
}, 60_000);
afterAll(() => database.drop());

/** A workspace with so many entries: three in four are steps of calls, spread over a hundred days and members. */
async function fill(rows: number): Promise<void> {
  await database.owner.unsafe(`insert into agentdesk.audit_events
      (workspace_id, at, type, actor, member_id, agent, action, outcome, call_id, code, turn_id, detail)
    select 'T1', timestamptz '2026-08-01' + g / 4 * (interval '100 days' / (${rows} / 4)),
      (array['call.proposed', 'call.decided', 'provider.requested', 'call.settled'])[1 + g % 4], 'desk', 'U' || (g / 4 % 100),
      'default', (array['gmail.messages.send', 'calendar.events.list', 'github.issues.get'])[1 + g / 4 % 3],
      (array['proposed', 'allow', 'ok', case when g / 4 % 500 = 0 then 'failed' else 'done' end])[1 + g % 4],
      md5((g / 4)::text)::uuid, 'C' || g / 4, 'turn' || g / 4, '{}'
    from generate_series(0, ${rows - 1}) g`);
  await database.owner.unsafe('analyze agentdesk.audit_events');
}

const write = (...events: AuditEvent[]) => database.desk.transaction((tx) => append(tx, ...events));
const look = (filter: AuditFilter, scope: AuditScope = SCOPE, limit = 15) =>
  listLines(database.desk, scope, filter, { place: null, limit });

async function explain(scope: AuditScope, filter: AuditFilter): Promise<string> {
  const rows = await database.desk.within('T1', (tx) =>
    tx.execute<{ 'QUERY PLAN': string }>(
      sql`explain select e.id from agentdesk.audit_events e where ${conditionsOf(scope, filter)}
        and (e.at, e.id) < ((select at from agentdesk.audit_events where id = 9000), 9000)
        order by e.at desc, e.id desc limit 16`,
    ),
  );
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

describe('a page of the timeline', () => {
  it.each([
    ['of a workspace', SCOPE, {}, /audit_events_(first|[0-9_]+)_heads /],
    ['of a member', { ...SCOPE, memberId: 'U7' }, {}, /audit_events_[a-z0-9_]*member_heads /],
    ['of a member among all', SCOPE, { member: 'U7' }, /audit_events_[a-z0-9_]*member_heads /],
    ['of a day', SCOPE, { from: '2026-09-01', to: '2026-09-01' }, /audit_events_(first|[0-9_]+)_heads /],
    ['by outcome', SCOPE, { outcome: 'failed' as const }, /audit_events_[a-z0-9_]*outcomes /],
    ['by code', SCOPE, { code: 'C17' }, /audit_events_[a-z0-9_]*code /],
    ['of refusals', SCOPE, { outcome: 'refused' as const }, /audit_events_[a-z0-9_]*kinds /],
  ])('%s is found by an index and sorts nothing large', async (_, scope, filter, index) => {
    const plan = await explain(scope, filter);
    expect(plan).toMatch(index);
    expect(plan).not.toContain('Seq Scan on audit_events');
    expect(plan).not.toContain('hashed');
  });

  it('goes on where the last one ended, both ways, without a gap or a repetition', async () => {
    const seen: number[] = [];
    let place: { before: number } | null = null;
    for (let page = 0; page < 5; page += 1) {
      const { lines, more } = await listLines(database.desk, SCOPE, {}, { place, limit: 10 });
      expect(more).toBe(true);
      seen.push(...lines.map(({ head }) => head.id));
      place = { before: seen.at(-1) ?? 0 };
    }
    const all = await look({}, SCOPE, 50);
    expect(all.lines.map(({ head }) => head.id)).toEqual(seen);
    const back = await listLines(database.desk, SCOPE, {}, { place: { after: seen[30] ?? 0 }, limit: 10 });
    expect(back.lines.map(({ head }) => head.id)).toEqual(seen.slice(20, 30));
    const nowhere = await listLines(database.desk, SCOPE, {}, { place: { before: 99_999_999 }, limit: 10 });
    expect(nowhere.lines).toEqual([]);
  });

  it('has one line a call, with what was decided and what came of it', async () => {
    const { lines } = await look({ code: 'C17' });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.head.type).toBe('call.proposed');
    expect(lines[0]?.steps.map(({ type }) => type)).toEqual([
      'call.proposed',
      'call.decided',
      'call.settled',
    ]);
  });

  it('narrows by every filter, and is never widened by one', async () => {
    const every = async (filter: AuditFilter, holds: (row: Record<string, unknown>) => boolean) => {
      const { lines } = await look(filter, SCOPE, 500);
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.every(({ head }) => holds(head))).toBe(true);
    };
    await every({ service: 'gmail' }, ({ action }) => action === 'gmail.messages.send');
    await every({ action: 'github.issues.get' }, ({ action }) => action === 'github.issues.get');
    await every({ member: 'U3' }, ({ memberId }) => memberId === 'U3');
    await every({ outcome: 'failed' }, ({ outcome }) => outcome === 'failed');
    await every({ agent: 'default' }, ({ agent }) => agent === 'default');
    await every({ text: 'C171' }, ({ code }) => String(code).includes('C171'));
    const day = { from: '2026-09-01', to: '2026-09-01' };
    // Midnight in Berlin is 22:00 the day before.
    await every(day, ({ at }) => {
      const moment = (at as Date).toISOString();
      return moment >= '2026-08-31T22:00' && moment < '2026-09-01T22:00';
    });
    expect((await look({ agent: 'other' })).lines).toEqual([]);
    expect((await look({ text: '%' })).lines).toEqual([]);
    expect((await look({ member: 'U3' }, { ...SCOPE, memberId: 'U4' })).lines).toEqual([]);
    expect((await look({}, { ...SCOPE, workspaceId: 'T2' })).lines).toEqual([]);
  });
});

describe('a story', () => {
  const call = { id: '11111111-1111-4111-8111-111111111111', code: 'K7QX2M9D' };
  const common = { workspaceId: 'T1', memberId: 'U0BEN', turnId: 'turn-of-ben' };
  beforeAll(() =>
    write(
      { ...common, type: 'message.received', actor: 'member:U0BEN', outcome: 'queued' },
      { ...common, type: 'call.proposed', actor: 'agent:default', outcome: 'proposed', call },
      { ...common, type: 'call.decided', actor: 'desk', outcome: 'deny', call },
      { ...common, type: 'turn.ended', actor: 'agent:default', outcome: 'done' },
      { ...common, turnId: 'idle', type: 'message.received', actor: 'member:U0BEN', outcome: 'queued' },
      { ...common, turnId: 'idle', type: 'turn.ended', actor: 'agent:default', outcome: 'done' },
    ),
  );

  it('of a call begins with the message; a message without one has its own', async () => {
    const { lines } = await look({}, ben);
    expect(lines.map(({ head }) => [head.type, head.turnId])).toEqual([
      ['message.received', 'idle'],
      ['call.proposed', 'turn-of-ben'],
    ]);
    const id = (await findHeadOfCall(database.desk, 'T1', { code: call.code })) ?? 0;
    expect(id).toBe(lines[1]?.head.id);
    const story = await readStory(database.desk, ben, id);
    expect(story?.events.map(({ type }) => type)).toEqual([
      'message.received',
      'call.proposed',
      'call.decided',
    ]);
    const idle = await readStory(database.desk, ben, lines[0]?.head.id ?? 0);
    expect(idle?.events.map(({ type }) => type)).toEqual(['message.received', 'turn.ended']);
  });

  it('is nobody else’s', async () => {
    const id = (await findHeadOfCall(database.desk, 'T1', { callId: call.id })) ?? 0;
    expect(await readStory(database.desk, { ...SCOPE, memberId: 'U7' }, id)).toBeNull();
    expect(await readStory(database.desk, { ...SCOPE, workspaceId: 'T2' }, id)).toBeNull();
    expect(await findHeadOfCall(database.desk, 'T2', { callId: call.id })).toBeNull();
  });
});

it('the conditions of the indexes name types that there are', () => {
  const named = JSON.stringify(AUDIT_CONDITIONS).match(/'[a-z]+\.[a-z_]+'/g) ?? [];
  expect(named.map((one) => one.slice(1, -1)).filter((type) => !Object.hasOwn(VOCABULARY, type))).toEqual([]);
});
