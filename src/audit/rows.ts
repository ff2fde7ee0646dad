import type { AuditRecord } from './event.ts';

/** A stored event as {@link RECORD_COLUMNS} reads it: everything as text, nothing rounded. */
export interface EventRow {
  readonly id: string;
  readonly at: string;
  readonly type: string;
  readonly outcome: string;
  readonly actor: string;
  readonly detail: string;
  readonly member_id: string | null;
  readonly pseudonym: string | null;
  readonly agent: string | null;
  readonly action: string | null;
  readonly target: string | null;
  readonly why: string | null;
  readonly call_id: string | null;
  readonly code: string | null;
  readonly turn_id: string | null;
  readonly trace_id: string | null;
}

/** Columns of an {@link EventRow}, of `audit_events e` left joined with `audit_pseudonyms p`. */
export const RECORD_COLUMNS = `e.id::text as id,
  to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
  e.type, e.outcome, e.actor, e.detail::text as detail, e.member_id, p.pseudonym::text as pseudonym,
  e.agent, e.action, e.target, e.why, e.call_id::text as call_id, e.code, e.turn_id, e.trace_id`;

export const RECORD_JOIN = `left join agentdesk.audit_pseudonyms p
  on p.workspace_id = e.workspace_id and p.member_id = e.member_id`;

/** The record of a stored event, at its place in the log. */
export function toRecord(row: EventRow, index: number): AuditRecord {
  const detail = sortKeys(JSON.parse(row.detail)) as Record<string, unknown>;
  const record: { -readonly [Key in keyof AuditRecord]: AuditRecord[Key] } = {
    index,
    at: row.at,
    type: row.type,
    outcome: row.outcome,
    actor: row.actor,
    detail,
  };
  const pseudonym = row.pseudonym ?? readErased(row.type, detail);
  if (pseudonym !== null) record.pseudonym = pseudonym;
  if (row.member_id !== null) record.member = row.member_id;
  if (row.agent !== null) record.agent = row.agent;
  if (row.action !== null) record.action = row.action;
  if (row.target !== null) record.target = row.target;
  if (row.why !== null) record.why = row.why;
  if (row.call_id !== null) record.call = row.call_id;
  if (row.code !== null) record.code = row.code;
  if (row.turn_id !== null) record.turn = row.turn_id;
  if (row.trace_id !== null) record.trace = row.trace_id;
  return record;
}

/** The record of an erasure is about a member who has no other name any more. */
function readErased(type: string, detail: Readonly<Record<string, unknown>>): string | null {
  const { pseudonym } = detail;
  return type === 'member.erased' && typeof pseudonym === 'string' && /^[0-9a-f-]{36}$/.test(pseudonym)
    ? pseudonym
    : null;
}

/** A JSON value with its keys in the order of RFC 8785: the database keeps another. */
function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  const entries = Object.keys(value)
    .sort()
    .map((key) => [key, sortKeys((value as Record<string, unknown>)[key])]);
  return Object.fromEntries(entries);
}
