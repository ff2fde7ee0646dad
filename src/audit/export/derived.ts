import type { AuditRecord } from '../event.ts';
import { toOcsf } from '../ocsf.ts';

/** Columns of events.csv. */
const COLUMNS = [
  'index',
  'at',
  'type',
  'outcome',
  'actor',
  'member',
  'agent',
  'action',
  'target',
  'why',
  'call',
  'code',
  'turn',
  'trace',
  'detail',
] as const satisfies readonly (keyof AuditRecord)[];

/** A form of the events that follows from events.jsonl alone. */
export interface DerivedForm {
  readonly file: 'events.csv' | 'events.ocsf.jsonl';
  readonly header: string | null;
  /** The event as one line, without its end. */
  write(record: AuditRecord, origin: string): string;
}

export const DERIVED: readonly DerivedForm[] = [
  { file: 'events.csv', header: COLUMNS.join(','), write: writeCsv },
  {
    file: 'events.ocsf.jsonl',
    header: null,
    write: (record, origin) => JSON.stringify(toOcsf(record, origin)),
  },
];

function writeCsv(record: AuditRecord): string {
  return COLUMNS.map((column) => {
    const value = record[column];
    return value === undefined
      ? ''
      : typeof value === 'object'
        ? quote(JSON.stringify(value))
        : quote(`${value}`);
  }).join(',');
}

/**
 * RFC 4180, but for line ends, which are shown as spaces so that a line is an event. What a spreadsheet would take for a
 * formula gets an apostrophe in front.
 */
function quote(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  const plain = /[\r\n]/.test(safe) ? safe.replace(/[\r\n]+/g, ' ') : safe;
  return /[",]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
