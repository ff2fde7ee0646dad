import postgres from 'postgres';

/** Members whose calls of eight events fill the log: each has the hundredth part of them, one after the other. */
const MEMBERS = 100;

/**
 * Fills an audit log without its triggers, and with its indexes made afterwards, as a restore does.
 * @param ownerUrl a database of its own
 */
export async function fillAuditLog(ownerUrl: string, count: number): Promise<void> {
  const owner = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  try {
    await owner`set session_replication_role = replica`;
    const indexes = await owner<{ name: string; definition: string }[]>`
      select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
      from pg_index i where i.indrelid = 'agentdesk.audit_events'::regclass and not i.indisprimary`;
    for (const { name } of indexes) await owner.unsafe(`drop index ${name}`);
    await insertRows(owner, count);
    // Of the log and all its months: as it is told, an index of a partitioned table is of that table only.
    for (const { definition } of indexes) await owner.unsafe(definition.replace(' ON ONLY ', ' ON '));
    await owner.unsafe('vacuum analyze agentdesk.audit_events');
  } finally {
    await owner.end({ timeout: 5 });
  }
}

/** The same rows through the triggers: they wait to be sealed. */
export async function fillUnsealed(ownerUrl: string, count: number): Promise<void> {
  const owner = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  try {
    await insertRows(owner, count);
    await owner.unsafe('vacuum analyze agentdesk.audit_events');
  } finally {
    await owner.end({ timeout: 5 });
  }
}

async function insertRows(owner: postgres.Sql, count: number): Promise<void> {
  await owner.unsafe(`
    insert into agentdesk.audit_events
      (workspace_id, at, type, actor, member_id, agent, action, target, outcome, why, call_id, code, turn_id, trace_id, detail)
    select 'T0BENCH', now() - make_interval(secs => ${count} - n),
      case n % 8 when 0 then 'call.proposed' else 'call.settled' end, 'desk', 'U0P' || n / 8 % ${MEMBERS},
      'default', 'calendar.events.list', 'ben@acme.test', 'done', 'Found 2 events.', md5('call ' || n / 8)::uuid,
      lpad(to_hex(n / 8), 8, '0'), 'T0BENCH/D0P1/' || n / 16, md5('trace ' || n / 16),
      jsonb_build_object('attempt', md5('attempt ' || n), 'link', null)
    from generate_series(1, ${count}) n`);
}
