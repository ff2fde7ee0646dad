import { sql, type SQL } from '../../db/drizzle.ts';
import { hasEnd, isHead, isKind } from './heads.ts';

/** What a line can be looked for by how it went. */
export const OUTCOMES = [
  'done',
  'failed',
  'unknown',
  'asked',
  'allowed',
  'denied',
  'expired',
  'cancelled',
  'refused',
  'read',
] as const;
export type OutcomeFilter = (typeof OUTCOMES)[number];

/** Narrows what is shown, never widens it: whose entries may be seen at all is {@link AuditScope}. */
export interface AuditFilter {
  /** First part of an action's id: `gmail`. */
  readonly service?: string | undefined;
  readonly action?: string | undefined;
  readonly outcome?: OutcomeFilter | undefined;
  /** On whose behalf. */
  readonly member?: string | undefined;
  readonly agent?: string | undefined;
  /** First and last day, `YYYY-MM-DD`, in the reader's zone. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Anywhere in what, where to and why. */
  readonly text?: string | undefined;
  readonly code?: string | undefined;
}

/** Whose entries a reader may see. */
export interface AuditScope {
  readonly workspaceId: string;
  /** Only what was done on behalf of this member; null = the whole workspace. */
  readonly memberId: string | null;
  /** IANA zone of the reader, in which days are meant. */
  readonly zone: string;
}

const ENDS: Readonly<Record<Exclude<OutcomeFilter, 'refused' | 'read'>, readonly string[]>> = {
  done: ['done'],
  failed: ['failed'],
  unknown: ['unknown'],
  asked: ['approve', 'approve_strong'],
  allowed: ['allow'],
  denied: ['deny', 'denied'],
  expired: ['expired'],
  cancelled: ['cancelled', 'superseded'],
};

/** Every condition but that of the free text, over `audit_events e`. */
export function conditionsOf(scope: AuditScope, filter: AuditFilter): SQL {
  const { service, action, member, agent, from, to, code } = filter;
  const parts = [
    sql`e.workspace_id = ${scope.workspaceId}`,
    scope.memberId === null ? null : sql`e.member_id = ${scope.memberId}`,
    headsOf(filter.outcome),
    member === undefined ? null : sql`e.member_id = ${member}`,
    service === undefined ? null : sql`e.action like ${`${escapeLike(service)}.%`}`,
    action === undefined ? null : sql`e.action = ${action}`,
    agent === undefined ? null : sql`e.agent = ${agent}`,
    code === undefined ? null : sql`e.code = ${code}`,
    from === undefined ? null : sql`e.at >= ${startOf(from, scope.zone, 0)}`,
    to === undefined ? null : sql`e.at < ${startOf(to, scope.zone, 1)}`,
  ];
  return sql.join(
    parts.filter((part) => part !== null),
    sql` and `,
  );
}

function headsOf(outcome: OutcomeFilter | undefined): SQL {
  if (outcome === 'read') return isKind(['audit.read']);
  if (outcome === 'refused')
    return isKind(['call.refused', 'approval.refused', 'access.refused', 'lease.refused', 'policy.refused']);
  if (outcome !== undefined) return hasEnd(ENDS[outcome]);
  // A message that led to calls is told in their stories. Looked up for each line: with the limit it is never hashed.
  return sql`${isHead} and (e.type <> 'message.received' or (
    select c.id from agentdesk.audit_events c where c.turn_id = e.turn_id and c.type = 'call.proposed' limit 1) is null)`;
}

/** Midnight at which a day begins in a zone, or one of the next days does. */
function startOf(day: string, zone: string, later: number): SQL {
  return sql`((${day}::text::date + ${later}::int)::timestamp at time zone ${zone}::text)`;
}

/** Whether an entry, or the proposal of its call, has the text in it. */
export function matchesText(text: string): SQL {
  const like = `%${escapeLike(text)}%`;
  return sql`(concat_ws(' ', e.target, e.why, e.action, e.code, e.detail::text) ilike ${like} or (
    select p.id from agentdesk.audit_events p where p.call_id = e.call_id and p.type = 'call.proposed'
      and concat_ws(' ', p.target, p.detail::text) ilike ${like} limit 1) is not null)`;
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
