import { readFileSync, writeFileSync } from 'node:fs';
import { VOCABULARY } from '../../src/audit/vocabulary.ts';
import type { EventKind } from '../../src/audit/vocabulary/kind.ts';

const FILE = 'docs/audit-events.md';
const CLASSES: Readonly<Record<number, string>> = {
  6003: 'API Activity',
  3001: 'Account Change',
  3002: 'Authentication',
  3004: 'Entity Management',
  3005: 'User Access Management',
};

/** The part of docs/audit-events.md that is made from the vocabulary. */
export function describeVocabulary(): string {
  return Object.entries(VOCABULARY)
    .map(([type, kind]) => describe(type, kind))
    .join('\n');
}

function describe(type: string, { about, detail, ocsf: [classUid, activity] }: EventKind): string {
  const details = Object.entries(detail).map(([key, what]) => `- \`${key}\`: ${what}`);
  const name = CLASSES[classUid] ?? '';
  return [
    `### ${type}`,
    '',
    `${about} OCSF: ${classUid} ${name}, activity ${type === 'provider.requested' ? 'by method' : activity}.`,
    '',
    ...(details.length === 0 ? [] : [...details, '']),
  ].join('\n');
}

const HEAD = `# Audit events

What the audit records. The second part of this file is made from \`src/audit/vocabulary/\` by
\`node test/support/audit-events.ts\`; a test holds them together. How events are stored, proved and exported:
docs/audit-format.md.

## Common fields

- \`type\`, \`at\`, \`outcome\`: what happened, when, how it went.
- \`actor\`: who did it. \`member\`: on whose behalf. \`agent\`: which agent.
- \`action\`: the provider's method. \`target\`: what or whom it was about. \`why\`: the reason.
- \`call\`, \`code\`: the call, and the code people see. \`turn\`: the message it began with; its \`message.received\` has
  the Slack channel. \`trace\`: the trace.

A detail is there when there is something to say. Texts of people are kept as a digest, a length and a beginning; arguments
as a digest.

## OCSF

\`events.ocsf.jsonl\` follows OCSF 1.3. \`activity_id\` 99 (Other) has the type as its \`activity_name\`; the method decides the
activity of a provider's request (POST 1 Create, GET 2 Read, PUT and PATCH 3 Update, DELETE 4 Delete). \`status_id\` is 2 (Failure) for
refusals and bad outcomes, else 1; \`severity_id\` is 5 for findings and attacks, 3 for failures, else 1. \`metadata.uid\` is the log and
the index, \`metadata.event_code\` the type, \`metadata.correlation_uid\` the turn. What OCSF has no place for is in \`unmapped\`.

## Types

`;

/** The whole of docs/audit-events.md. */
export function writeAuditEvents(): string {
  return `${HEAD}${describeVocabulary()}`;
}

if (import.meta.main) writeFileSync(FILE, writeAuditEvents());

/** The file as it is. */
export function readAuditEvents(): string {
  return readFileSync(FILE, 'utf8');
}
