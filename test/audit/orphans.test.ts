import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOfflineModel } from '../../src/agent/offline-model.ts';
import { decide } from '../../src/approvals/decide.ts';
import { listPending } from '../../src/approvals/query.ts';
import { findOrphans } from '../../src/audit/check/orphans.ts';
import { eraseMember } from '../../src/audit/erase.ts';
import { loadLogSigner } from '../../src/audit/log/keys.ts';
import { sealAll } from '../../src/audit/log/seal.ts';
import { findKind } from '../../src/audit/vocabulary.ts';
import { createDatabase } from '../../src/db/client.ts';
import { startTestDesk, WORKSPACE, type TestDesk } from '../support/desk.ts';

let test: TestDesk;
beforeAll(async () => {
  test = await startTestDesk(createOfflineModel(() => new Date()));
  await test.connect('google-oauth2', 'U0BEN');
  await test.desk.agent.run(await test.say('U0BEN', "what's on my calendar today?"));
  await answer('approve', "mail priya@acme.test about 'Lunch' saying 'Shall we have lunch?'");
  await answer('deny', "mail priya@acme.test about 'Dinner' saying 'Shall we have dinner?'");
});
afterAll(() => test.stop());

async function answer(decision: 'approve' | 'deny', words: string): Promise<void> {
  const turnId = await test.say('U0BEN', words);
  await test.desk.agent.run(turnId);
  const [approval] = await listPending(test.desk.database, WORKSPACE, 'U0BEN', 10);
  await decide(test.desk.deps.approvals, {
    workspaceId: WORKSPACE,
    memberId: 'U0BEN',
    approvalId: approval!.id,
    decision,
    reason: null,
    from: { surface: 'card', channel: 'DU0BEN', ts: '1.1' },
  });
  await test.desk.agent.run(turnId);
}

const find = async (): Promise<string[]> =>
  (await findOrphans(test.desk.database, WORKSPACE, null)).map(({ text }) => text.replace(/^[^:]*: /, ''));

/** Does it as a superuser, with triggers and checks off; looks; and undoes it. */
async function findAfter(table: string, statement: string): Promise<string[]> {
  const { owner } = test.database;
  const falsify = (text: string) =>
    owner.begin(async (sql) => {
      await sql.unsafe('set local session_replication_role = replica');
      await sql.unsafe(text);
    });
  await owner.unsafe(`create table public.kept as table agentdesk.${table}`);
  try {
    await falsify(statement);
    return await find();
  } finally {
    await falsify(`delete from agentdesk.${table}; insert into agentdesk.${table} select * from public.kept`);
    await owner.unsafe('drop table public.kept');
  }
}

describe('orphans', () => {
  it('are none where all went through the desk', async () => {
    expect(await find()).toEqual([]);
    const [counted] = await test.database
      .owner`select count(*)::int as n from agentdesk.leases where kind = 'perform'`;
    expect(counted!.n).toBeGreaterThan(1);
  });

  const event = (where: string): string => `delete from agentdesk.audit_events where ${where}`;
  const lunch = `(select id from agentdesk.calls where action = 'gmail.messages.send' and status = 'done')`;
  it.each([
    ['audit_events', event(`type = 'lease.opened'`), /no record of its being opened/],
    ['audit_events', event(`type = 'token.exchanged'`), /without a token that was granted/],
    ['audit_events', event(`type = 'call.claimed' and call_id = ${lunch}`), /no record of its claim/],
    [
      'audit_events',
      event(`type = 'approval.decided' and call_id = ${lunch}`),
      /performed without a record of the approval/,
    ],
    [
      'audit_events',
      event(`type = 'call.proposed' and call_id = ${lunch}`),
      /no record of its proposal or decision/,
    ],
    [
      'audit_events',
      event(`type = 'call.decided' and call_id = ${lunch}`),
      /no record of its proposal or decision/,
    ],
    [
      'audit_events',
      event(`type = 'call.settled' and call_id = ${lunch}`),
      /came to its end without a record/,
    ],
    [
      'audit_events',
      event(`type = 'approval.decided' and outcome = 'denied'`),
      /approval was decided without a record/,
    ],
    [
      'leases',
      `delete from agentdesk.leases where kind = 'perform'`,
      /exchanged or a request sent without a lease/,
    ],
    ['leases', `update agentdesk.leases set call_id = null where kind = 'perform'`, /belongs to no call/],
    [
      'calls',
      `delete from agentdesk.calls where id = ${lunch}`,
      /claimed or settled, and there is no such call/,
    ],
    [
      'approvals',
      `delete from agentdesk.approvals where call_id = ${lunch}`,
      /performed without the approval it needed/,
    ],
    [
      'approvals',
      `update agentdesk.approvals set status = 'denied' where call_id = ${lunch}`,
      /performed without the approval it needed/,
    ],
    [
      'approvals',
      `update agentdesk.approvals set proved_at = null`,
      /performed without the approval it needed/,
    ],
    [
      'audit_events',
      `insert into agentdesk.audit_events (workspace_id, type, actor, outcome, detail) values ('${WORKSPACE}', 'provider.requested', 'desk', 'ok', '{"lease":"none"}')`,
      /exchanged or a request sent without a lease/,
    ],
    [
      'leases',
      `insert into agentdesk.leases select gen_random_uuid(), workspace_id, member_id, kind, call_id, attempt_id, account_id, issuer, subject, connection, vault_id, action, scopes, opened_at, expires_at, ended_at from agentdesk.leases limit 1`,
      /no record of its being opened/,
    ],
  ])('in %s are found after: %s', async (table, statement, says) => {
    expect((await findAfter(table, statement)).join('\n')).toMatch(says);
    expect(await find()).toEqual([]);
  });

  it('before a time are not looked for', async () => {
    const { owner } = test.database;
    await owner.begin(async (sql) => {
      await sql.unsafe('set local session_replication_role = replica');
      await sql.unsafe(`insert into agentdesk.audit_events (workspace_id, at, type, actor, outcome, detail) values
        ('${WORKSPACE}', now() - interval '2 days', 'provider.requested', 'desk', 'ok', '{"lease":"none"}')`);
    });
    const hours = (n: number): Date => new Date(Date.now() - n * 3_600_000);
    expect(await findOrphans(test.desk.database, WORKSPACE, hours(24))).toEqual([]);
    expect(await findOrphans(test.desk.database, WORKSPACE, hours(72))).toHaveLength(2);
    await owner.begin(async (sql) => {
      await sql.unsafe('set local session_replication_role = replica');
      await sql.unsafe(`delete from agentdesk.audit_events where detail->>'lease' = 'none'`);
    });
  });
});

describe('the vocabulary', () => {
  it('has every type and every detail that the desk records', async () => {
    const rows = await test.database.owner`select distinct type, key from agentdesk.audit_events
      left join lateral jsonb_object_keys(detail) key on true`;
    const unknown = rows.filter(({ type, key }) => {
      const kind = findKind(type as string);
      return kind === null || (key !== null && !Object.hasOwn(kind.detail, key as string));
    });
    expect(unknown).toEqual([]);
    expect(new Set(rows.map(({ type }) => type)).size).toBeGreaterThan(12);
  });
});

describe('an erased member', () => {
  it('leaves no orphans', async () => {
    const signer = await loadLogSigner(test.desk.database, test.keyring);
    await sealAll(test.desk.database, signer, WORKSPACE);
    const owner = createDatabase({ url: test.database.ownerUrl, role: null }, 1);
    expect(await owner.transaction((tx) => eraseMember(tx, WORKSPACE, 'U0BEN'))).toBeGreaterThan(20);
    await owner.close();
    expect(await find()).toEqual([]);
  });
});
