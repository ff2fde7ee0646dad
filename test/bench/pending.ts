import type postgres from 'postgres';

/** Copies the newest approved call so many times, each as an open approval of some other member, open for a day. */
export async function addPending(owner: postgres.Sql, count: number): Promise<void> {
  await owner.unsafe(`
    insert into agentdesk.calls
    select row.*
    from (select copied from agentdesk.calls copied where outcome = 'approve' order by created_at desc limit 1) model,
      generate_series(1, ${count}) n,
      lateral jsonb_populate_record(model.copied, jsonb_build_object(
      'id', md5('call ' || n)::uuid, 'turn_id', 'bench-pending/' || n, 'member_id', 'U0X' || n % 10000,
      'code', 'Z' || lpad(n::text, 7, '0'), 'status', 'pending', 'attempt_id', null, 'handle', null, 'result', null,
      'claimed_at', null, 'settled_at', null, 'execute_by', null)) row;
    insert into agentdesk.approvals
    select row.*
    from (select copied from agentdesk.approvals copied where kind = 'call' order by created_at desc limit 1) model,
      generate_series(1, ${count}) n,
      lateral jsonb_populate_record(model.copied, jsonb_build_object(
      'id', md5('approval ' || n)::uuid, 'call_id', md5('call ' || n)::uuid, 'turn_id', 'bench-pending/' || n,
      'member_id', 'U0X' || n % 10000, 'code', 'Z' || lpad(n::text, 7, '0'), 'status', 'pending',
      'expires_at', now() + interval '1 day', 'execute_by', null, 'decided_at', null, 'decided_by', null,
      'click', null, 'proof_jti', null, 'proved_at', null, 'consumed_at', null,
      'auth_req_id', 'bench-' || n)) row;
    analyze agentdesk.calls, agentdesk.approvals`);
}

export async function removePending(owner: postgres.Sql): Promise<void> {
  await owner`delete from agentdesk.approvals where turn_id like 'bench-pending/%'`;
  await owner`delete from agentdesk.calls where turn_id like 'bench-pending/%'`;
  await owner.unsafe('vacuum analyze agentdesk.calls');
  await owner.unsafe('vacuum analyze agentdesk.approvals');
}
