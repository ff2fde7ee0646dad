import type { AuditRow } from '../../audit/query.ts';
import { shortDigest, type AuditDetail } from './audit-detail.ts';
import { makeStep, type Step } from './audit-step.ts';
import { namePerson, type Naming } from './audit-words.ts';

const KINDS: Readonly<Record<string, string>> = {
  perform: 'to do it',
  inspect: 'to look first, reading only',
  reconcile: 'to read back what happened',
  disconnect: 'to revoke it',
};

const ENDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    done: 'Done',
    failed: 'It failed',
    unknown: 'It is not known whether it happened',
    expired: 'Time ran out; nothing was done',
    cancelled: 'Cancelled; nothing was done',
    superseded: 'Replaced by an edited version',
    allowed: 'Read back as not done; it may begin again',
    approved: 'Read back as not done; it may begin again',
  }),
);

/** Leases and the tokens for them. */
export function describeLease(row: AuditRow, detail: AuditDetail): Step {
  const purpose = KINDS[detail.kind ?? ''] ?? detail.kind ?? '';
  const lease = detail.lease ? `lease ${detail.lease.slice(0, 8)}` : null;
  if (row.type === 'lease.ended') return makeStep('The lease ended; its token is forgotten', lease);
  if (row.type === 'lease.opened')
    return makeStep(`A lease was opened ${purpose}`, row.target, scopes('scopes', detail.scopes), lease);
  const isFine = detail.error === undefined || detail.error === '';
  return makeStep(
    isFine ? 'A token was exchanged for the lease' : `No token: ${detail.error}`,
    `connection ${row.target ?? '?'}${detail.ms == null ? '' : `, ${detail.ms} ms`}`,
    scopes('asked for', detail.scopes_asked),
    scopes('got', detail.scopes_returned),
    lease,
  );
}

function scopes(what: string, list: readonly string[] | undefined): string | null {
  return list === undefined || list.length === 0 ? null : `${what}: ${list.join(', ')}`;
}

/** What left the building: method, place, answer, and the digest of what was sent. */
export function describeRequest(row: AuditRow, detail: AuditDetail): Step {
  const { method = '?', host = '', path = '', status, ms } = detail;
  return makeStep(
    `${method} ${host}${path}`,
    `${status == null ? row.outcome.replaceAll('_', ' ') : `answered ${status}`}${ms == null ? '' : `, ${ms} ms`}`,
    detail.sent_sha256
      ? `sent ${detail.sent_bytes ?? '?'} bytes, sha256 ${shortDigest(detail.sent_sha256)}`
      : 'nothing in its body',
  );
}

/** What became of a call. */
export function describeEnd(row: AuditRow, detail: AuditDetail, naming: Naming): Step {
  return makeStep(
    ENDS.get(row.outcome) ?? `It is ${row.outcome}`,
    row.why,
    detail.link,
    detail.reconciled ? 'read back from the provider' : null,
    detail.resolved_by ? `as ${namePerson(detail.resolved_by, naming)} looked and said` : null,
  );
}
