import { format } from 'prettier';
import { expect, it } from 'vitest';
import { VOCABULARY } from '../../src/audit/vocabulary.ts';
import { toOcsf } from '../../src/audit/ocsf.ts';
import { readAuditEvents, writeAuditEvents } from '../support/audit-events.ts';

it('is what docs/audit-events.md says (else: node test/support/audit-events.ts, and prettier)', async () => {
  const options = { parser: 'markdown', singleQuote: true, printWidth: 110 };
  expect(await format(writeAuditEvents(), options)).toBe(await format(readAuditEvents(), options));
});

/** https://schema.ocsf.io/1.3.0/: what each class requires beside the common attributes. */
const REQUIRED: Record<number, string[]> = {
  6003: ['actor', 'api', 'src_endpoint'],
  3001: ['user'],
  3002: ['user', 'service'],
  3004: ['entity'],
  3005: ['user', 'privileges'],
};
const COMMON = ['activity_id', 'category_uid', 'class_uid', 'metadata', 'severity_id', 'time', 'type_uid'];

it.each(Object.keys(VOCABULARY))('has what OCSF requires: %s', (type) => {
  const event = toOcsf(
    { index: 7, at: '2026-10-27T10:00:00.000001Z', type, outcome: 'ok', actor: 'desk', detail: {} },
    'agentdesk/log/x',
  );
  const { class_uid: classUid, activity_id: activity } = event as Record<string, number>;
  for (const key of [...COMMON, ...(REQUIRED[classUid!] ?? ['?'])]) expect(event[key], key).toBeDefined();
  expect(event['type_uid']).toBe(classUid! * 100 + activity!);
  if (activity === 99) expect(event['activity_name']).toBe(type);
});
