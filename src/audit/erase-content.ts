import type { Transaction } from '../db/client.ts';
import { sql, type SQL } from '../db/drizzle.ts';
import { DeskError } from '../errors.ts';

/**
 * Deletes what the desk knows of a member beside the log: turns with the model's state, calls, approvals, leases, grants,
 * conversations, accounts, links, factors, their own policy, and what was posted to them. As the owner of the
 * database. What they did for others stays with these.
 * @throws DeskError `erase_refused` while something of theirs is open or connected
 */
export async function eraseContent(tx: Transaction, workspaceId: string, memberId: string): Promise<void> {
  const theirs = sql`workspace_id = ${workspaceId} and member_id = ${memberId}`;
  await refuseOpen(tx, theirs);
  const turns = sql`(select id from agentdesk.turns where ${theirs})`;
  const channels = sql`select dm_channel from agentdesk.members where ${theirs} and dm_channel is not null
    union select channel from agentdesk.turns where ${theirs} and surface = 'dm'`;
  for (const table of ['checkpoint_writes', 'checkpoint_blobs', 'checkpoints']) {
    await tx.execute(sql`delete from langgraph.${sql.identifier(table)} where thread_id in ${turns}`);
  }
  await tx.execute(sql`delete from agentdesk.inbox where turn_id in ${turns}`);
  await tx.execute(
    sql`delete from agentdesk.grant_uses where grant_id in (select id from agentdesk.grants where ${theirs})`,
  );
  await tx.execute(sql`delete from agentdesk.outbox where workspace_id = ${workspaceId} and (channel = ${`@${memberId}`}
    or channel in (${channels})
    or (channel, coalesce(thread_ts, '')) in (select channel, thread_ts from agentdesk.conversations where ${theirs}))`);
  // Wake-ups name whom they are for; with the rows gone they would find nothing to do.
  await tx.execute(sql`delete from pgboss.job j where strpos(j.data->>'key', ${workspaceId}) > 0 and exists
    (select 1 from (select ${memberId}::text as name union ${channels}) n
      where strpos('/' || translate(j.data->>'key', '@:', '//') || '/', '/' || n.name || '/') > 0)`);
  for (const table of ['policy_heads', 'policy_versions']) {
    await tx.execute(sql`delete from agentdesk.${sql.identifier(table)}
      where workspace_id = ${workspaceId} and owner = ${memberId}`);
  }
  // A stop that was set outlives them: whoever comes back is still stopped.
  await tx.execute(sql`delete from agentdesk.stops where ${theirs} and stopped_at is null`);
  for (const table of await listMemberTables(tx)) {
    await tx.execute(sql`delete from agentdesk.${sql.identifier(table)} where ${theirs}`);
  }
}

async function refuseOpen(tx: Transaction, theirs: SQL): Promise<void> {
  const [open] = await tx.execute<{ calls: boolean; approvals: boolean; accounts: boolean }>(sql`select
    exists (select 1 from agentdesk.calls where ${theirs} and status in ('allowed', 'pending', 'approved', 'executing', 'unknown')) as calls,
    exists (select 1 from agentdesk.approvals where ${theirs} and status = 'pending') as approvals,
    exists (select 1 from agentdesk.accounts where ${theirs} and status <> 'disconnected') or
    exists (select 1 from agentdesk.revocations where ${theirs} and ended_at is null) as accounts`);
  if (open?.calls === true || open?.approvals === true)
    throw new DeskError('erase_refused', { problem: 'calls or approvals of this member are open' });
  if (open?.accounts === true)
    throw new DeskError('erase_refused', {
      problem: 'accounts of this member are connected, or still being revoked',
    });
}

/** Every table of ours whose rows are a member's, but those of the log, which has its own way, and stops. */
async function listMemberTables(tx: Transaction): Promise<string[]> {
  const rows = await tx.execute<{ name: string }>(sql`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'member_id'
    where c.relnamespace = 'agentdesk'::regnamespace and c.relkind = 'r' and c.relname not like 'audit\\_%' and c.relname <> 'stops'
    order by c.relname`);
  return rows.map(({ name }) => name);
}
