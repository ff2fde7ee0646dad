import { classifyStatus, countEvent } from './telemetry-counting.ts';
import type { Metrics } from './telemetry-metrics.ts';
import { describeSpan } from './telemetry-spans.ts';
import type { Tracer } from './telemetry-traces.ts';
import type { Telemetry } from './telemetry-types.ts';
import { describeError, type Log } from './telemetry.ts';

/**
 * Ties counters and spans together: each thing that happens is told once.
 * @param tracer null = no traces are configured
 */
export function createTelemetry(metrics: Metrics, tracer: Tracer | null, log: Log): Telemetry {
  /** What is seen from outside never decides what happens: the work it tells of is done and committed. */
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      log.error({ error: describeError(error) }, 'something was not counted');
    }
  };
  return {
    record(event) {
      attempt(() => {
        countEvent(metrics, event);
      });
      const span = tracer === null ? null : describeSpan(event);
      if (span !== null) attempt(() => tracer?.traceAfterwards(span));
    },
    countSlackAnswer(status) {
      attempt(() => {
        metrics.slackAnswers.inc({ status_class: classifyStatus(status) });
        if (status === 429) metrics.slackRateLimited.inc();
      });
    },
    countSlackRetry() {
      attempt(() => {
        metrics.slackRetries.inc();
      });
    },
    observeSlackAck(delivery, seconds) {
      attempt(() => {
        metrics.slackAckSeconds.observe({ delivery }, seconds);
      });
    },
    trace: tracer?.trace ?? (async (_, work) => work(() => undefined)),
  };
}
