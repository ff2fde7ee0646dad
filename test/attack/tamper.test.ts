import type { Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ToolModel } from '../../src/agent/model.ts';
import { startTestDesk, toolCalls, type TestDesk } from '../support/desk.ts';
import { click, lastPending, measureAttack } from '../support/attack.ts';

const MAIL = {
  name: 'gmail_messages_send',
  args: { to: ['priya@acme.test'], subject: 'Plan', text: 'The plan.' },
};

/** Row edits by someone who can write to the database as its owner, after Approve and before the claim. */
const EDITS: Record<string, (sql: Sql, call: string, approval: string) => Promise<unknown>> = {
  'arguments: another recipient': (sql, call) =>
    sql`update agentdesk.calls set args = convert_to(replace(convert_from(args, 'UTF8'), 'priya@acme.test', 'eve@evil.example'), 'UTF8') where id = ${call}`,
  'arguments: the same value, other bytes': (sql, call) =>
    sql`update agentdesk.calls set args = convert_to(replace(convert_from(args, 'UTF8'), ':', ': '), 'UTF8') where id = ${call}`,
  'another action': (sql, call) =>
    sql`update agentdesk.calls set action = 'gmail.drafts.create' where id = ${call}`,
  'another member': (sql, call) => sql`update agentdesk.calls set member_id = 'U0ADA' where id = ${call}`,
  'another account': (sql, call) =>
    sql`update agentdesk.calls set account_id = (select id from agentdesk.accounts where member_id = 'U0ADA' limit 1) where id = ${call}`,
  'another subject': (sql, call) =>
    sql`update agentdesk.calls set subject = 'slack|T0TEST|U0ADA' where id = ${call}`,
  'another connection': (sql, call) =>
    sql`update agentdesk.calls set connection = 'github' where id = ${call}`,
  'another agent': (sql, call) => sql`update agentdesk.calls set agent = 'other' where id = ${call}`,
  'another revision': (sql, call) => sql`update agentdesk.calls set revision = 7 where id = ${call}`,
  'another nonce': (sql, call) =>
    sql`update agentdesk.calls set nonce = decode('00000000000000000000000000000000', 'hex') where id = ${call}`,
  'another digest': (sql, call) => sql`update agentdesk.calls set digest = sha256('x') where id = ${call}`,
  'another code': (sql, call) => sql`update agentdesk.calls set code = 'AAAAAAAA' where id = ${call}`,
  'another declaration': (sql, call) =>
    sql`update agentdesk.calls set declaration_hash = sha256('x') where id = ${call}`,
  'outcome allow': (sql, call) => sql`update agentdesk.calls set outcome = 'allow' where id = ${call}`,
  'outcome and status allowed': (sql, call) =>
    sql`update agentdesk.calls set outcome = 'allow', status = 'allowed', execute_by = now() + interval '1 day', policy_call = jsonb_set(policy_call, '{action}', '"gmail.messages.list"') where id = ${call}`,
  'another policy version': (sql, call) =>
    sql`update agentdesk.calls set policy_version = 'x' where id = ${call}`,
  'another turn': (sql, call) =>
    sql`update agentdesk.calls set turn_id = 'T0TEST/D/1/Ev0' where id = ${call}`,
  'another tool call id': (sql, call) =>
    sql`update agentdesk.calls set tool_call_id = 'other' where id = ${call}`,
  'another issuer': (sql, call) =>
    sql`update agentdesk.calls set issuer = 'https://evil.example/' where id = ${call}`,
  'another account name': (sql, call) =>
    sql`update agentdesk.calls set account_label = 'eve@evil.example' where id = ${call}`,
  'the policy asked about a read': (sql, call) =>
    sql`update agentdesk.calls set policy_call = jsonb_set(policy_call, '{action}', '"gmail.messages.list"') where id = ${call}`,
  'the policy asked about an admin': (sql, call) =>
    sql`update agentdesk.calls set policy_call = jsonb_set(policy_call, '{member,id}', '"U0ADA"') where id = ${call}`,
  'settled before': (sql, call) => sql`update agentdesk.calls set settled_at = now() where id = ${call}`,
  'time is over': (sql, call) =>
    sql`update agentdesk.calls set execute_by = now() - interval '1 second' where id = ${call}`,
  'approval: what was shown': (sql, _, approval) =>
    sql`update agentdesk.approvals set presentation = jsonb_set(presentation, '{line}', '"nothing"') where id = ${approval}`,
  'approval: shown and its hash': (sql, _, approval) =>
    sql`update agentdesk.approvals set presentation = jsonb_set(presentation, '{line}', '"nothing"'), presentation_hash = sha256('x') where id = ${approval}`,
  'approval: tier': (sql, _, approval) =>
    sql`update agentdesk.approvals set tier = 'approve_strong' where id = ${approval}`,
  'approval: expiry moved': (sql, _, approval) =>
    sql`update agentdesk.approvals set expires_at = expires_at + interval '1 hour' where id = ${approval}`,
  'approval: issuer': (sql, _, approval) =>
    sql`update agentdesk.approvals set issuer = 'https://evil.example/' where id = ${approval}`,
  'approval: subject': (sql, _, approval) =>
    sql`update agentdesk.approvals set subject = 'slack|T0TEST|U0ADA' where id = ${approval}`,
  'approval: member': (sql, _, approval) =>
    sql`update agentdesk.approvals set member_id = 'U0ADA' where id = ${approval}`,
  'approval: workspace': (sql, _, approval) =>
    sql`update agentdesk.approvals set workspace_id = 'T0OTHER' where id = ${approval}`,
  'approval: no time to run by': (sql, _, approval) =>
    sql`update agentdesk.approvals set execute_by = null where id = ${approval}`,
  'approval: digest': (sql, _, approval) =>
    sql`update agentdesk.approvals set digest = sha256('x') where id = ${approval}`,
  'approval: used already': (sql, _, approval) =>
    sql`update agentdesk.approvals set consumed_at = now() where id = ${approval}`,
  'approval: taken back to pending': (sql, _, approval) =>
    sql`update agentdesk.approvals set status = 'pending' where id = ${approval}`,
  'approval: denied after all': (sql, _, approval) =>
    sql`update agentdesk.approvals set status = 'denied' where id = ${approval}`,
  'approval: another policy version': (sql, _, approval) =>
    sql`update agentdesk.approvals set policy_version = 'x' where id = ${approval}`,
  'approval: its time is over': (sql, _, approval) =>
    sql`update agentdesk.approvals set execute_by = now() - interval '1 second' where id = ${approval}`,
  'approval: the click is gone': (sql, _, approval) =>
    sql`update agentdesk.approvals set click = null where id = ${approval}`,
  'the approval row is gone': (sql, _, approval) =>
    sql`delete from agentdesk.approvals where id = ${approval}`,
};

describe('C1 C4 what was approved is what runs, or nothing runs', () => {
  let test: TestDesk;

  beforeAll(async () => {
    test = await startTestDesk({ label: 'scripted', invoke: (messages) => script(messages) });
    for (const member of ['U0BEN', 'U0ADA']) await test.connect('google-oauth2', member);
  });
  afterAll(() => test.stop());

  const script = (messages: Parameters<ToolModel['invoke']>[0]) =>
    Promise.resolve(
      messages.at(-1)?.getType() === 'tool'
        ? createEnd()
        : toolCalls({ ...MAIL, id: `call_${crypto.randomUUID()}` }),
    );
  const createEnd = () => {
    const end = toolCalls();
    end.content = 'done';
    return end;
  };

  it('runs when nothing was touched (so that the refusals below mean something)', async () => {
    const turn = await test.say('U0BEN', 'mail the plan');
    await test.desk.agent.run(turn);
    await click(test, (await lastPending(test)).id);
    const { calls } = await test.desk.agent.run(turn);
    expect(calls.map((call) => call.status)).toEqual(['done']);
  });

  it.each(Object.keys(EDITS))('refuses after: %s', async (name) => {
    const effects = await measureAttack(test, `row edit: ${name}`, 1, async () => {
      const turn = await test.say('U0BEN', 'mail the plan');
      await test.desk.agent.run(turn);
      const approval = await lastPending(test);
      await click(test, approval.id);
      await EDITS[name]?.(test.database.owner, approval.callId, approval.id);
      await test.desk.agent.run(turn).catch(() => null);
    });
    expect(effects).toBe(0);
    // Whatever is still open belongs to the edited row; it must not count as open for the next one.
    await test.database.owner`update agentdesk.approvals set status = 'cancelled' where status = 'pending'`;
  });

  it('refuses a call flipped to approved without any click', async () => {
    const effects = await measureAttack(test, 'row edit: approved without a click', 1, async () => {
      const turn = await test.say('U0BEN', 'mail the plan');
      await test.desk.agent.run(turn);
      const approval = await lastPending(test);
      await test.database
        .owner`update agentdesk.approvals set status = 'approved', decided_at = now(), decided_by = 'U0BEN', execute_by = now() + interval '5 minutes' where id = ${approval.id}`;
      await test.database
        .owner`update agentdesk.calls set status = 'approved', execute_by = now() + interval '5 minutes' where id = ${approval.callId}`;
      await test.desk.agent.run(turn);
    });
    expect(effects).toBe(0);
  });

  it('C1 approve A, then run B: an approval moved to another call', async () => {
    const effects = await measureAttack(test, 'approve A, run B', 1, async () => {
      const first = await test.say('U0BEN', 'mail the plan');
      await test.desk.agent.run(first);
      const a = await lastPending(test);
      await click(test, a.id);
      const second = await test.say('U0BEN', 'mail the other plan');
      await test.desk.agent.run(second);
      const b = await lastPending(test);
      const sql = test.database.owner;
      await sql`delete from agentdesk.approvals where id = ${b.id}`;
      await sql`update agentdesk.approvals set call_id = ${b.callId}, proved_at = now(), proof_jti = 'forged' where id = ${a.id}`;
      await sql`update agentdesk.calls set status = 'approved', execute_by = now() + interval '5 minutes' where id = ${b.callId}`;
      await test.desk.agent.run(second);
    });
    expect(effects).toBe(0);
  });
});
