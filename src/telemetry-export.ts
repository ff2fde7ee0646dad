import { randomBytes } from 'node:crypto';
import type { TracerProvider } from '@opentelemetry/sdk-trace';

/** Where traces go; read from OpenTelemetry's own variables. */
export interface TraceTarget {
  readonly url: string;
  readonly serviceName: string;
  /** Headers of each export; may hold a credential. */
  readonly headers: Readonly<Record<string, string>>;
}

/** One export, and with it the end of the program, waits this long for the collector. */
const EXPORT_MS = 3000;
const BATCH_MS = 1000;

export interface IdSource {
  /** A span that `start` begins without a parent gets these ids. */
  use<T>(ids: { traceId: string; spanId: string }, start: () => T): T;
  generateTraceId(): string;
  generateSpanId(): string;
}

/** Random ids, but for the span of a whole turn, whose ids follow from the turn. */
export function createIdSource(): IdSource {
  let next: { traceId: string; spanId: string } | null = null;
  return {
    use(ids, start) {
      next = ids;
      try {
        return start();
      } finally {
        next = null;
      }
    },
    generateTraceId: () => next?.traceId ?? randomBytes(16).toString('hex'),
    generateSpanId: () => next?.spanId ?? randomBytes(8).toString('hex'),
  };
}

/** Sends spans in batches as OTLP over HTTP, in JSON. A collector that is away costs its spans and nothing else. */
export async function openExporter(
  target: TraceTarget,
  idGenerator: IdSource,
  onFailure: (count: number, why: string) => void,
): Promise<TracerProvider> {
  const [sdk, { resourceFromAttributes }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  const { url, headers, serviceName } = target;
  const otlp = new OTLPTraceExporter({ url, headers: { ...headers }, timeoutMillis: EXPORT_MS });
  type Exporter = ConstructorParameters<typeof sdk.BatchSpanProcessor>[0]['exporter'];
  const exporter: Exporter = {
    export(spans, done) {
      otlp.export(spans, (result) => {
        if (result.error !== undefined) onFailure(spans.length, result.error.name);
        done(result);
      });
    },
    shutdown: () => otlp.shutdown(),
    forceFlush: () => otlp.forceFlush(),
  };
  return new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    idGenerator,
    sampler: new sdk.AlwaysOnSampler(),
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        exporter,
        scheduledDelayMillis: BATCH_MS,
        exportTimeoutMillis: EXPORT_MS + 1000,
      }),
    ],
  });
}
