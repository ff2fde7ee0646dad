import type { AuditRecord } from '../event.ts';
import { toOcsf } from '../ocsf.ts';
import type { StreamFormat } from './sink.ts';

export function formatEvent(
  record: AuditRecord,
  origin: string,
  format: StreamFormat,
): AuditRecord | Record<string, unknown> {
  return format === 'ocsf' ? toOcsf(record, origin) : record;
}
