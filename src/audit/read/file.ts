import type { Database, Transaction } from '../../db/client.ts';
import { sql } from '../../db/drizzle.ts';
import { DERIVED } from '../export/derived.ts';
import { canonicalValues, writeLine, type AuditRecord } from '../event.ts';
import { RECORD_COLUMNS, RECORD_JOIN, toRecord, type EventRow } from '../rows.ts';
import type { AuditFilter, AuditScope } from './filter.ts';
import { findHeads, readInside } from './lines.ts';

export const FORMATS = ['csv', 'jsonl'] as const;
export type FileFormat = (typeof FORMATS)[number];

export interface AuditFile {
  readonly text: string;
  readonly lines: number;
  readonly events: number;
  /** Whether there was more than a file takes. */
  readonly cutShort: boolean;
}

/** Lines of the timeline read at one go, and at most in one file. */
const BATCH = 200;
const MOST_LINES = 2_000;
/** Bytes; what a person looks through in Slack. The whole log is exported by the operator. */
const MOST_BYTES = 900_000;

/** An entry that is not sealed yet has no place in the log. */
const UNSEALED = -1;

/**
 * What a timeline shows as a file: every entry of each line, lines newest first, the entries of a line in the order they
 * happened. The forms are those of the export (docs/audit-format.md).
 */
export function writeAuditFile(
  database: Database,
  scope: AuditScope,
  filter: AuditFilter,
  format: FileFormat,
): Promise<AuditFile> {
  return readInside(database, scope, (tx) => writeLines(tx, scope, filter, format));
}

async function writeLines(
  tx: Transaction,
  scope: AuditScope,
  filter: AuditFilter,
  format: FileFormat,
): Promise<AuditFile> {
  const csv = DERIVED.find(({ file }) => file === 'events.csv');
  const write = (record: AuditRecord): string =>
    format === 'csv' && csv !== undefined ? csv.write(record, '') : writeLine(canonicalValues(record));
  const texts = format === 'csv' ? [csv?.header ?? ''] : [];
  let [lines, events, bytes] = [0, 0, 0];
  let place: { before: number } | null = null;
  for (;;) {
    const heads = await findHeads(tx, scope, filter, { place, limit: BATCH });
    for (const group of await readGroups(tx, scope, heads)) {
      const written = group.map(write);
      bytes += written.reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0);
      if (bytes > MOST_BYTES || lines === MOST_LINES) return finish(true);
      texts.push(...written);
      lines += 1;
      events += group.length;
    }
    const last = heads.at(-1);
    if (heads.length < BATCH || last === undefined) return finish(false);
    place = { before: last };
  }

  function finish(cutShort: boolean): AuditFile {
    return { text: texts.map((text) => `${text}\n`).join(''), lines, events, cutShort };
  }
}

type Row = EventRow & { place: string | null; head: string } & Record<string, unknown>;

/** The entries of each line, by the order of the lines. */
async function readGroups(
  tx: Transaction,
  { workspaceId, memberId }: AuditScope,
  heads: readonly number[],
): Promise<AuditRecord[][]> {
  if (heads.length === 0) return [];
  const rows = await tx.execute<Row>(sql`
    select ${sql.raw(RECORD_COLUMNS)}, l.index::text as place, h.id::text as head
    from agentdesk.audit_events h
    join agentdesk.audit_events e on e.workspace_id = h.workspace_id and (e.id = h.id or e.call_id = h.call_id)
    ${sql.raw(RECORD_JOIN)}
    left join agentdesk.audit_leaves l on l.workspace_id = e.workspace_id and l.event_id = e.id
    where h.workspace_id = ${workspaceId} and h.id in (${sql.join(
      heads.map((id) => sql`${id}::bigint`),
      sql`, `,
    )})
      and (${memberId}::text is null or e.member_id = ${memberId}::text)
    order by e.id`);
  const groups = new Map(heads.map((id): [string, AuditRecord[]] => [`${id}`, []]));
  for (const row of rows) {
    const index = row.place === null ? UNSEALED : Number(row.place);
    groups.get(row.head)?.push(toRecord(row, index));
  }
  return [...groups.values()].filter((group) => group.length > 0);
}
