import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Seconds of something that a machine does. */
const MACHINE = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];
/** Seconds of something that a person takes part in. */
const PERSON = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 21_600, 86_400];

export type Metrics = ReturnType<typeof createMetrics>;

/**
 * Every metric there is, in a registry of its own. Labels come from fixed lists only: no member, workspace, code, host
 * or path. docs/operations.md describes each; a test compares.
 */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  const counter = <Label extends string = never>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter<Label>({ name, help, labelNames, registers });
  const gauge = <Label extends string = never>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge<Label>({ name, help, labelNames, registers });
  const histogram = <Label extends string = never>(
    name: string,
    help: string,
    buckets: number[],
    ...labelNames: Label[]
  ) => new Histogram<Label>({ name, help, buckets, labelNames, registers });
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    auditEvents: counter('agentdesk_audit_events_total', 'Audit events committed, by type.', 'type'),
    turns: counter('agentdesk_turns_total', 'Turns that ended, by how.', 'end'),
    turnSeconds: histogram(
      'agentdesk_turn_duration_seconds',
      'From message to end, waiting included.',
      PERSON,
    ),
    decisions: counter('agentdesk_decisions_total', 'Decisions of the policy, by outcome.', 'outcome'),
    approvalsRequested: counter(
      'agentdesk_approvals_requested_total',
      'Approvals asked for, by tier.',
      'tier',
    ),
    approvalsDecided: counter(
      'agentdesk_approvals_decided_total',
      'Approvals that ended, by how.',
      'outcome',
    ),
    approvalSeconds: histogram(
      'agentdesk_approval_decision_duration_seconds',
      'From card to the decision of a person.',
      PERSON,
      'outcome',
    ),
    leases: counter('agentdesk_leases_total', 'Leases opened, by kind.', 'kind'),
    exchanges: counter('agentdesk_exchanges_total', 'Token exchanges: ok, or the error code.', 'result'),
    exchangeSeconds: histogram('agentdesk_exchange_duration_seconds', 'Token exchanges.', MACHINE),
    effects: counter('agentdesk_effects_total', 'What became of calls that were claimed, by state.', 'state'),
    refusals: counter(
      'agentdesk_refusals_total',
      'What was refused: where, why, and whether as an attack.',
      'at',
      'reason',
      'attack',
    ),
    providerSeconds: histogram(
      'agentdesk_provider_request_duration_seconds',
      'Requests to providers, by service and class of status.',
      MACHINE,
      'service',
      'status_class',
    ),
    slackAnswers: counter(
      'agentdesk_slack_requests_total',
      'Calls to Slack, by class of status.',
      'status_class',
    ),
    slackRateLimited: counter('agentdesk_slack_rate_limited_total', 'Calls Slack answered with 429.'),
    slackRetries: counter('agentdesk_slack_retries_total', 'Messages put off, to be sent again.'),
    slackAckSeconds: histogram(
      'agentdesk_slack_ack_duration_seconds',
      'From delivery to acknowledgement; Slack waits 3 seconds.',
      [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3],
      'delivery',
    ),
    callsOpen: gauge('agentdesk_calls_open', 'Calls that are not settled, by state.', 'state'),
    approvalsPending: gauge('agentdesk_approvals_pending', 'Approvals that wait for a person.'),
    reconcileBacklog: gauge('agentdesk_reconcile_backlog', 'Calls due to be read back from the provider.'),
    queueDepth: gauge('agentdesk_queue_depth', 'Rows that wait to be worked on, by queue.', 'queue'),
    queueOldest: gauge('agentdesk_queue_oldest_seconds', 'Age of the oldest of them, by queue.', 'queue'),
    stateFailures: counter(
      'agentdesk_state_read_failures_total',
      'Scrapes that could not read the database.',
    ),
    tracesFailed: counter('agentdesk_spans_not_exported_total', 'Spans the collector did not take.'),
  };
}
