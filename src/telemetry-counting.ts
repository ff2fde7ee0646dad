import type { Metrics } from './telemetry-metrics.ts';
import type { BusinessEvent } from './telemetry-types.ts';

/** Where a refusal happened, by the type of its event. */
const REFUSED_AT: Readonly<Record<string, string>> = {
  'call.refused': 'proposal',
  'lease.refused': 'lease',
  'access.refused': 'access',
  'approval.refused': 'approval',
  'factor.refused': 'factor',
  'account.connect_refused': 'connect',
};

const POLICY_OUTCOMES = new Set(['allow', 'approve', 'approve_strong', 'deny']);
/** Ends of an attempt; calls that were never claimed end in other words. */
const EFFECT_STATES = new Set(['done', 'failed', 'unknown', 'not_done']);

/** What a lease says when it refuses, as a code: its words may name a host or a method. */
const LEASE_REASONS: readonly (readonly [start: string, code: string])[] = [
  ['the lease has ended', 'lease_ended'],
  ['more requests', 'too_many_requests'],
  ['host ', 'host'],
  ['method ', 'method'],
  ['path', 'path'],
  ['encoded separator', 'path'],
  ['not a plain https URL', 'url'],
];

/** Counts and measures one committed event. */
export function countEvent(metrics: Metrics, event: BusinessEvent): void {
  const { type, outcome } = event;
  metrics.auditEvents.inc({ type });
  if (type in REFUSED_AT) countRefusal(metrics, event);
  if (type === 'turn.ended') {
    metrics.turns.inc({ end: outcome });
    observe(metrics.turnSeconds, readSeconds(event), {});
  } else if (type === 'call.decided' && POLICY_OUTCOMES.has(outcome)) {
    metrics.decisions.inc({ outcome });
  } else if (type === 'approval.requested') {
    metrics.approvalsRequested.inc({ tier: readWord(event, 'tier') });
  } else if (type === 'approval.decided') {
    metrics.approvalsDecided.inc({ outcome });
    const byPerson = outcome === 'approved' || outcome === 'denied';
    if (byPerson) observe(metrics.approvalSeconds, readSeconds(event), { outcome });
  } else if (type === 'lease.opened') {
    metrics.leases.inc({ kind: readWord(event, 'kind') });
  } else if (type === 'token.exchanged') {
    metrics.exchanges.inc({ result: outcome === 'granted' ? 'ok' : outcome });
    observe(metrics.exchangeSeconds, readSeconds(event), {});
  } else if (type === 'provider.requested') {
    countProviderRequest(metrics, event);
  } else if (type === 'call.settled' && EFFECT_STATES.has(outcome)) {
    metrics.effects.inc({ state: outcome });
  }
}

/** How long it took, as the event tells: `seconds` or `ms` in its detail; null when it does not. */
export function readSeconds({ detail }: BusinessEvent): number | null {
  const { seconds, ms } = detail ?? {};
  const value = typeof ms === 'number' ? ms / 1000 : seconds;
  return typeof value === 'number' && value >= 0 ? value : null;
}

/** The provider behind a connection. */
function nameService(connection: string | null | undefined): string {
  return connection === 'github' ? 'github' : connection === 'google-oauth2' ? 'google' : 'other';
}

/** `2xx`, `4xx` …; `none` when there was no answer. */
export function classifyStatus(status: unknown): string {
  return typeof status === 'number' && status >= 100 && status < 600
    ? `${Math.trunc(status / 100)}xx`
    : 'none';
}

function countRefusal(metrics: Metrics, { type, outcome, detail }: BusinessEvent): void {
  const at = detail?.['at'] === 'claim' ? 'claim' : (REFUSED_AT[type] ?? 'other');
  const reason = type === 'lease.refused' ? readLeaseReason(outcome) : outcome;
  metrics.refusals.inc({ at, reason: asCode(reason), attack: String(detail?.['attack'] === true) });
}

function countProviderRequest(metrics: Metrics, event: BusinessEvent): void {
  const labels = {
    service: nameService(event.target),
    status_class: classifyStatus(event.detail?.['status']),
  };
  observe(metrics.providerSeconds, readSeconds(event), labels);
  if (event.outcome === 'redirect_refused')
    metrics.refusals.inc({ at: 'lease', reason: 'redirect', attack: 'false' });
}

function readLeaseReason(reason: string): string {
  return LEASE_REASONS.find(([start]) => reason.startsWith(start))?.[1] ?? 'other';
}

/** A label takes the codes of our own errors; a sentence that got here by mistake must not make a series of its own. */
function asCode(reason: string): string {
  return /^[a-z][a-z_]{0,39}$/.test(reason) ? reason : 'other';
}

function readWord({ detail }: BusinessEvent, name: string): string {
  const value = detail?.[name];
  return typeof value === 'string' ? asCode(value) : 'other';
}

function observe<Label extends string>(
  histogram: { observe(labels: Partial<Record<Label, string>>, value: number): void },
  seconds: number | null,
  labels: Partial<Record<Label, string>>,
): void {
  if (seconds !== null) histogram.observe(labels, seconds);
}
