import type { Database } from '../../../db/client.ts';
import { sql } from '../../../db/drizzle.ts';
import type { tenantLogEntries } from '../../../db/schema/tenant-log.ts';

type Entry = Pick<
  typeof tenantLogEntries.$inferSelect,
  'issuer' | 'logId' | 'type' | 'at' | 'subject' | 'connection'
>;

/** Seconds two clocks may differ. */
const TOLERANCE = 60;
/** Seconds from an exchange to our record of it: every try and pause of one lease. */
const LONGEST = 90;

/** What of ours an entry is; `eventId` where one event is one entry. */
interface Own {
  readonly eventId: number | null;
}

/** What we did that the tenant tells of; null when there is nothing. */
export async function findOwn(database: Database, entry: Entry): Promise<Own | null> {
  return entry.type.startsWith('ciba_') ? findRequest(database, entry) : findExchange(database, entry);
}

/** Polls are entries, too, and many of them are one request. */
async function findRequest(database: Database, { issuer, subject, at }: Entry): Promise<Own | null> {
  const rows = await database.db.execute(sql`
    select 1 from agentdesk.strong_requests r
    where r.issuer = ${issuer} and (r.subject = ${subject} or ${subject} = '')
      and r.created_at <= ${at.toISOString()}::timestamptz + make_interval(secs => ${TOLERANCE})
      and coalesce(r.settled_at, r.next_poll_at, now()) >= ${at.toISOString()}::timestamptz - make_interval(secs => ${TOLERANCE + LONGEST})
    limit 1`);
  return rows.length > 0 ? { eventId: null } : null;
}

async function findExchange(database: Database, entry: Entry): Promise<Own | null> {
  const { issuer, subject, connection, type } = entry;
  const at = entry.at.toISOString();
  const leases = await database.db.execute<{ id: string; workspace_id: string }>(sql`
    select id, workspace_id from agentdesk.leases
    where issuer = ${issuer} and (subject = ${subject} or ${subject} = '')
      and (connection = ${connection} or ${connection}::text is null)
      and opened_at <= ${at}::timestamptz + make_interval(secs => ${TOLERANCE})
      and opened_at >= ${at}::timestamptz - make_interval(secs => ${TOLERANCE + LONGEST})
    order by opened_at`);
  for (const [workspaceId, found] of Map.groupBy(leases, ({ workspace_id: id }) => id)) {
    const ids = JSON.stringify(found.map(({ id }) => id));
    // An answer that was lost was given all the same.
    const outcomes = type === 'seta' ? ['granted', 'scope_missing', 'vault_unreachable'] : null;
    const [event] = await database.within(workspaceId, (tx) =>
      tx.execute<{ id: string; outcome: string }>(sql`
        select e.id::text as id, e.outcome from agentdesk.audit_events e
        where e.workspace_id = ${workspaceId} and e.type = 'token.exchanged'
          and e.detail->>'lease' in (select jsonb_array_elements_text(${ids}::jsonb))
          and (${JSON.stringify(outcomes)}::jsonb = 'null'::jsonb or ${JSON.stringify(outcomes)}::jsonb ? e.outcome)
          and e.at >= ${at}::timestamptz - make_interval(secs => ${TOLERANCE})
          and e.at <= ${at}::timestamptz + make_interval(secs => ${TOLERANCE + LONGEST})
          and not exists (select 1 from agentdesk.tenant_log_entries x where x.event_id = e.id)
        order by e.outcome = 'vault_unreachable', e.id limit 1`),
    );
    if (event === undefined) continue;
    const isOne = type === 'seta' && event.outcome !== 'vault_unreachable';
    return { eventId: isOne ? Number(event.id) : null };
  }
  return null;
}
