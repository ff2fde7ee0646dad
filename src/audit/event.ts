import canonicalize from 'canonicalize';

/** An event as it leaves the house: what a line of events.jsonl holds (docs/audit-format.md). Absent is not null. */
export interface AuditRecord {
  /** Its place in the log, from 0. */
  readonly index: number;
  /** UTC with microseconds, always 27 characters, so that texts sort as times do. */
  readonly at: string;
  readonly type: string;
  readonly outcome: string;
  readonly actor: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly member?: string;
  /** What the leaf calls the member. */
  readonly pseudonym?: string;
  readonly agent?: string;
  readonly action?: string;
  readonly target?: string;
  readonly why?: string;
  readonly call?: string;
  readonly code?: string;
  readonly turn?: string;
  readonly trace?: string;
}

/** Every key a record may have, in the order of RFC 8785. */
export const RECORD_KEYS = [
  'action',
  'actor',
  'agent',
  'at',
  'call',
  'code',
  'detail',
  'index',
  'member',
  'outcome',
  'pseudonym',
  'target',
  'trace',
  'turn',
  'type',
  'why',
] as const satisfies readonly (keyof AuditRecord)[];

/** The canonical text (RFC 8785) of each value of a record, by the order of {@link RECORD_KEYS}. */
export type CanonicalValues = readonly (string | undefined)[];

/**
 * @throws Error when a value has no canonical form (a lone surrogate, a number that is none)
 */
export function canonicalValues(record: AuditRecord): CanonicalValues {
  return RECORD_KEYS.map((key) => {
    const value = record[key];
    if (value === undefined) return undefined;
    if (typeof value === 'string') return value.isWellFormed() ? JSON.stringify(value) : canonicalize(value);
    return isSorted(value) ? JSON.stringify(value) : canonicalize(value);
  });
}

/**
 * Whether the keys of all objects in a JSON value stand in the order of RFC 8785. Then `JSON.stringify` writes its
 * canonical form, and much faster.
 */
function isSorted(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isSorted);
  let last = '';
  for (const key in value) {
    if (key < last || !isSorted((value as Record<string, unknown>)[key])) return false;
    last = key;
  }
  return true;
}

const PREFIXES = RECORD_KEYS.map((key) => `"${key}":`);

/** The record as one line of canonical JSON, without the line's end. */
export function writeLine(values: CanonicalValues): string {
  let line = '';
  for (let at = 0; at < PREFIXES.length; at += 1) {
    const value = values[at];
    if (value !== undefined) line += (line === '' ? '{' : ',') + PREFIXES[at] + value;
  }
  return `${line}}`;
}
