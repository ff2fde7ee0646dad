import type { Config, Secrets } from '../config-types.ts';
import { createMetrics, type Metrics } from '../telemetry-metrics.ts';
import { openTracer } from '../telemetry-traces.ts';
import type { Telemetry } from '../telemetry-types.ts';
import { createTelemetry } from '../telemetry-watch.ts';
import type { Log } from '../telemetry.ts';

export interface Watch {
  readonly telemetry: Telemetry;
  readonly metrics: Metrics;
  stop(): Promise<void>;
}

/** Metrics always, traces when a collector is configured; only then is OpenTelemetry loaded. */
export async function openTelemetry(
  config: Pick<Config, 'traces'>,
  secrets: Pick<Secrets, 'traceHeaders'>,
  log: Log,
): Promise<Watch> {
  const metrics = createMetrics();
  const { traces } = config;
  const tracer =
    traces === null
      ? null
      : await openTracer({ ...traces, headers: secrets.traceHeaders }, (count, why) => {
          metrics.tracesFailed.inc(count);
          log.warn({ url: traces.url, spans: count, why }, 'the trace collector did not take spans');
        });
  return {
    telemetry: createTelemetry(metrics, tracer, log),
    metrics,
    stop: async () => tracer?.stop(),
  };
}
