import { canonicalValues, writeLine, type AuditRecord, type CanonicalValues } from '../event.ts';

export interface ReadEvent {
  readonly record: AuditRecord;
  readonly values: CanonicalValues;
}

const AT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TEXTS = ['type', 'outcome', 'actor'] as const;
const OPTIONAL = ['member', 'agent', 'action', 'target', 'why', 'call', 'code', 'turn', 'trace'] as const;

/** @returns null when the line is not an event to the letter: no JSON, other keys, not canonical */
export function readEvent(line: string): ReadEvent | null {
  try {
    const record = JSON.parse(line) as unknown;
    if (typeof record !== 'object' || record === null || !isRecord(record as Record<string, unknown>))
      return null;
    const values = canonicalValues(record as AuditRecord);
    return writeLine(values) === line ? { record: record as AuditRecord, values } : null;
  } catch (error) {
    // What has no JSON or no canonical form (a lone surrogate) is no event of ours.
    if (error instanceof Error) return null;
    throw error;
  }
}

function isRecord(value: Record<string, unknown>): value is Record<string, unknown> & AuditRecord {
  const { index, at, detail, pseudonym } = value;
  return (
    Number.isSafeInteger(index) &&
    typeof at === 'string' &&
    AT.test(at) &&
    typeof detail === 'object' &&
    detail !== null &&
    !Array.isArray(detail) &&
    TEXTS.every((key) => typeof value[key] === 'string') &&
    OPTIONAL.every((key) => value[key] === undefined || typeof value[key] === 'string') &&
    (pseudonym === undefined || (typeof pseudonym === 'string' && UUID.test(pseudonym)))
  );
}
