import { AsyncLocalStorage } from 'node:async_hooks';
import type { Context, Span, SpanContext } from '@opentelemetry/api';
import { deriveRootSpanId, deriveTraceId } from './telemetry-ids.ts';
import { createIdSource, openExporter, type TraceTarget } from './telemetry-export.ts';
import type { PastSpan } from './telemetry-spans.ts';
import type { Attributes, Step, Telemetry } from './telemetry-types.ts';
import { DeskError } from './errors.ts';

export interface Tracer {
  readonly trace: Telemetry['trace'];
  /** Sends what is known only at its end. */
  traceAfterwards(span: PastSpan): void;
  /** Sends what is left, for a few seconds at most. */
  stop(): Promise<void>;
}

/**
 * Opens traces. OpenTelemetry is loaded here and nowhere else, and its global state is left alone: contexts are kept in
 * a storage of this tracer's own.
 * @param onFailure told how many spans the collector did not take, and why
 */
export async function openTracer(
  target: TraceTarget,
  onFailure: (count: number, why: string) => void,
): Promise<Tracer> {
  const api = await import('@opentelemetry/api');
  const ids = createIdSource();
  const provider = await openExporter(target, ids, onFailure);
  const tracer = provider.getTracer('agentdesk');
  const running = new AsyncLocalStorage<SpanContext>();

  const rootOf = (turnId: string): SpanContext => ({
    traceId: deriveTraceId(turnId),
    spanId: deriveRootSpanId(turnId),
    traceFlags: api.TraceFlags.SAMPLED,
  });
  /** What a new span hangs below: the step that is running, if it is of the same turn, else the turn itself. */
  const parentOf = (turnId: string): SpanContext => {
    const root = rootOf(turnId);
    const current = running.getStore();
    return current?.traceId === root.traceId ? current : root;
  };
  const below = (parent: SpanContext) => api.trace.setSpanContext(api.ROOT_CONTEXT, parent);

  async function trace<T>(
    step: Step,
    work: (set: (attributes: Attributes) => void) => T | Promise<T>,
  ): Promise<T> {
    if (step.turnId === null) return work(() => undefined);
    const kind = step.name === 'exchange' ? api.SpanKind.CLIENT : api.SpanKind.INTERNAL;
    const options = { kind, attributes: { ...step.attributes } };
    const span = tracer.startSpan(step.name, options, below(parentOf(step.turnId)));
    try {
      return await running.run(span.spanContext(), () =>
        work((attributes) => span.setAttributes(attributes)),
      );
    } catch (error) {
      markFailed(span, error);
      throw error;
    } finally {
      span.end();
    }
  }

  /** The kind of error only: a message may quote what somebody wrote. */
  function markFailed(span: Span, error: unknown): void {
    const type = error instanceof DeskError ? error.code : error instanceof Error ? error.name : 'unknown';
    span.setAttribute('error.type', type);
    span.setStatus({ code: api.SpanStatusCode.ERROR });
  }

  return {
    trace,
    traceAfterwards(past) {
      const end = Date.now();
      const options = {
        kind: past.client ? api.SpanKind.CLIENT : api.SpanKind.INTERNAL,
        startTime: end - past.seconds * 1000,
        attributes: { ...past.attributes },
      };
      const root = rootOf(past.turnId);
      const start = (context: Context): Span => tracer.startSpan(past.name, options, context);
      const span =
        past.place === 'root'
          ? ids.use(root, () => start(api.ROOT_CONTEXT))
          : start(below(past.place === 'step' ? parentOf(past.turnId) : root));
      if (past.failed) span.setStatus({ code: api.SpanStatusCode.ERROR });
      span.end(end);
    },
    async stop() {
      try {
        await provider.shutdown();
      } catch (error) {
        onFailure(0, error instanceof Error ? error.name : 'unknown');
      }
    },
  };
}
