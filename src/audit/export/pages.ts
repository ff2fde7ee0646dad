import type { Db } from '../../db/pool.ts';
import { sql } from '../../db/drizzle.ts';
import { writeLine, canonicalValues, type AuditRecord } from '../event.ts';
import { RECORD_COLUMNS, RECORD_JOIN, toRecord, type EventRow } from '../rows.ts';

/** Which rows: times as in a record, `to` not included, the member by their Slack id. */
export interface RowFilter {
  readonly from: string | null;
  readonly to: string | null;
  readonly memberId: string | null;
}

export interface StoredLeaf {
  readonly index: number;
  readonly eventId: string;
  readonly leaf: string;
  /** Absent when the event is gone or does not pass the filter. */
  readonly record: AuditRecord | null;
  /** Absent when the event was erased, too. */
  readonly salt: string | null;
}

type Row = EventRow & { leaf_index: string; event_id: string; leaf: string; salt: string | null } & Record<
    string,
    unknown
  >;

/** Leaves from..to-1 of a log with the events that pass the filter, in order, by key. */
export async function readLeaves(
  reader: Pick<Db, 'execute'>,
  workspaceId: string,
  [from, to]: readonly [number, number],
  filter: RowFilter,
): Promise<StoredLeaf[]> {
  const { from: since, to: before, memberId } = filter;
  const rows = await reader.execute<Row>(sql`
    select l.index::text as leaf_index, l.event_id::text as event_id, l.leaf, encode(s.salt, 'hex') as salt,
      ${sql.raw(RECORD_COLUMNS)}
    from agentdesk.audit_leaves l
    left join agentdesk.audit_events e on e.id = l.event_id and e.workspace_id = l.workspace_id
      and (${since}::timestamptz is null or e.at >= ${since}::timestamptz)
      and (${before}::timestamptz is null or e.at < ${before}::timestamptz)
      and (${memberId}::text is null or e.member_id = ${memberId}::text)
    left join agentdesk.audit_salts s on s.event_id = l.event_id
    ${sql.raw(RECORD_JOIN)}
    where l.workspace_id = ${workspaceId} and l.index >= ${from} and l.index < ${to} order by l.index`);
  return rows.map((row) => {
    const index = Number(row.leaf_index);
    // A left join: without its event all of the event's columns are null.
    const isThere = (row.id as string | null) !== null;
    return {
      index,
      eventId: row.event_id,
      leaf: row.leaf,
      record: isThere ? toRecord(row, index) : null,
      salt: row.salt,
    };
  });
}

/** The record as events.jsonl has it. */
export function writeEvent(record: AuditRecord): string {
  return writeLine(canonicalValues(record));
}
