import type { Database } from '../../db/client.ts';
import { sql, type SQL } from '../../db/drizzle.ts';
import type { Finding } from './findings.ts';
import { readPruned } from './pruned.ts';

/** A rule of the log, as a query for what breaks it: workspace $1, not before $2. */
interface Rule {
  /** Reads behind "K7QF2M9C: ". */
  readonly what: string;
  readonly query: string;
}

const event = (type: string, of: string): string =>
  `select 1 from agentdesk.audit_events x where x.workspace_id = $1 and x.call_id = ${of} and x.type ${type}`;

/** Row and record are made in one transaction, so at one time: that tells a row whose record was erased. */
const wasErased = (type: string, at: string): string =>
  `exists (select 1 from agentdesk.audit_events x where x.workspace_id = $1 and x.actor = 'erased' and x.type = '${type}' and x.at = ${at})`;
const CALL_ERASED = wasErased('call.proposed', 'c.created_at');

const ON_LEASE = `e.workspace_id = $1 and e.actor <> 'erased' and e.at >= $2`;

/**
 * Nothing is sent without a lease, no lease without a call, no call without a decision, and none that had to be asked
 * without a proved approval; and each state a row is in was recorded when it was entered. What is about erased members
 * cannot be told any more: their events are left out, and so are rows whose events are theirs.
 */
const RULES: readonly Rule[] = [
  {
    what: 'a token was exchanged or a request sent without a lease',
    query: `select e.id::text as id, e.code from agentdesk.audit_events e
      where ${ON_LEASE} and e.type in ('token.exchanged', 'provider.requested') and not exists
        (select 1 from agentdesk.leases l where l.workspace_id = $1 and l.id::text = e.detail->>'lease')`,
  },
  {
    what: 'a lease has no record of its being opened',
    query: `select l.id::text as id, null as code from agentdesk.leases l
      where l.workspace_id = $1 and l.opened_at >= $2 and not exists (select 1 from agentdesk.audit_events x
        where x.workspace_id = $1 and x.type = 'lease.opened' and x.detail->>'lease' = l.id::text)
        and not ${wasErased('lease.opened', 'l.opened_at')}`,
  },
  {
    what: 'a request was sent without a token that was granted for its lease',
    query: `select e.id::text as id, e.code from agentdesk.audit_events e
      where ${ON_LEASE} and e.type = 'provider.requested' and e.outcome <> 'no_answer' and not exists
        (select 1 from agentdesk.audit_events x where x.workspace_id = $1 and x.type = 'token.exchanged'
          and x.outcome = 'granted' and x.detail->>'lease' = e.detail->>'lease' and x.id < e.id)`,
  },
  {
    what: 'a lease to perform or read back belongs to no call',
    query: `select l.id::text as id, null as code from agentdesk.leases l
      where l.workspace_id = $1 and l.opened_at >= $2 and l.kind in ('perform', 'reconcile')
        and not exists (select 1 from agentdesk.calls c where c.id = l.call_id and c.workspace_id = $1)`,
  },
  {
    what: 'a call has a lease to perform, but no record of its claim',
    query: `select c.id::text as id, c.code from agentdesk.calls c join agentdesk.leases l on l.call_id = c.id and l.kind = 'perform'
      where c.workspace_id = $1 and l.opened_at >= $2 and not exists (${event("= 'call.claimed'", 'c.id')})
        and not ${CALL_ERASED}`,
  },
  {
    what: 'a call was performed without the approval it needed',
    query: `select c.id::text as id, c.code from agentdesk.calls c join agentdesk.leases l on l.call_id = c.id and l.kind = 'perform'
      where c.workspace_id = $1 and l.opened_at >= $2 and c.outcome <> 'allow' and not exists
        (select 1 from agentdesk.approvals a where a.call_id = c.id and a.status = 'approved' and a.proved_at is not null
          and (c.outcome <> 'approve_strong' or a.strong_at is not null))
        and not ${CALL_ERASED}`,
  },
  {
    what: 'a call was performed without a record of the approval it needed',
    query: `select c.id::text as id, c.code from agentdesk.calls c join agentdesk.leases l on l.call_id = c.id and l.kind = 'perform'
      where c.workspace_id = $1 and l.opened_at >= $2 and c.outcome <> 'allow'
        and not exists (${event("= 'approval.decided' and x.outcome = 'approved'", 'c.id')})
        and not ${CALL_ERASED}`,
  },
  {
    what: 'a call has no record of its proposal or decision',
    query: `select c.id::text as id, c.code from agentdesk.calls c where c.workspace_id = $1 and c.created_at >= $2
      and not (exists (${event("= 'call.proposed'", 'c.id')}) and exists (${event("= 'call.decided'", 'c.id')}))
        and not ${CALL_ERASED}`,
  },
  {
    what: 'a call came to its end without a record',
    query: `select c.id::text as id, c.code from agentdesk.calls c
      where c.workspace_id = $1 and c.created_at >= $2 and c.status in ('done', 'failed', 'expired', 'cancelled', 'superseded')
        and not exists (${event("= 'call.settled' and x.outcome = c.status", 'c.id')})
        and not ${CALL_ERASED}`,
  },
  {
    what: 'a record says that a call was claimed or settled, and there is no such call',
    query: `select e.id::text as id, e.code from agentdesk.audit_events e
      where ${ON_LEASE} and e.type in ('call.claimed', 'call.settled')
        and not exists (select 1 from agentdesk.calls c where c.id = e.call_id and c.workspace_id = $1)`,
  },
  {
    what: 'an approval was decided without a record',
    query: `select a.id::text as id, a.code from agentdesk.approvals a join agentdesk.calls c on c.id = a.call_id
      where a.workspace_id = $1 and a.kind = 'call' and a.created_at >= $2 and a.status in ('approved', 'denied')
        and not exists (${event("= 'approval.decided' and x.outcome = a.status", 'a.call_id')})
        and not ${CALL_ERASED}`,
  },
];

/** Findings of one rule that are told one by one; more of a kind say no more. */
const MOST = 100;
const DAY_MS = 86_400_000;

function fill(query: string, workspaceId: string, since: Date | null): SQL {
  const from = since?.toISOString() ?? '-infinity';
  const parts = query.split(/(\$[12])/).map((part) => {
    if (part === '$1') return sql`${workspaceId}`;
    return part === '$2' ? sql`${from}::timestamptz` : sql.raw(part);
  });
  return sql.join([...parts, sql` limit ${MOST}`]);
}

/**
 * Looks for what cannot be, if every step was taken through the desk and recorded.
 * @param since only what began then or later; null = all
 */
export async function findOrphans(
  database: Database,
  workspaceId: string,
  since: Date | null,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const pruned = await database.within(workspaceId, (tx) => readPruned(tx, workspaceId));
  // A call can wait for a day; what began on the last pruned one may have lost its beginning.
  const lost = pruned === null ? null : new Date(pruned.until.getTime() + DAY_MS);
  const from = since === null || (lost !== null && lost > since) ? lost : since;
  for (const [at, { what, query }] of RULES.entries()) {
    const rows = await database.within(workspaceId, (tx) =>
      tx.execute<{ id: string; code: string | null }>(fill(query, workspaceId, from)),
    );
    for (const { id, code } of rows) {
      findings.push({ kind: 'orphan', key: `orphan/${at}/${id}`, text: `${code ?? id}: ${what}.` });
    }
  }
  return findings;
}
