import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  /** OTLP's numbers: 1 internal, 3 client. */
  readonly kind: number;
  readonly seconds: number;
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, string | number>>;
}

interface OtlpValue {
  readonly stringValue?: string;
  readonly intValue?: number | string;
}
interface OtlpAttributes {
  readonly attributes: readonly { readonly key: string; readonly value: OtlpValue }[];
}
interface OtlpSpan extends OtlpAttributes {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code: number };
}
interface OtlpTraces {
  readonly resourceSpans: readonly {
    readonly resource: OtlpAttributes;
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

/**
 * What an OpenTelemetry collector is to whoever sends traces as OTLP over HTTP in JSON
 * (https://opentelemetry.io/docs/specs/otlp/#otlphttp): it takes POST /v1/traces and answers with an empty object.
 */
export async function startCollector() {
  const bodies: string[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const isJson = request.headers['content-type'] === 'application/json';
      const taken = request.method === 'POST' && request.url === '/v1/traces' && isJson;
      if (taken) {
        bodies.push(Buffer.concat(chunks).toString('utf8'));
        headers.push(request.headers);
      }
      response.writeHead(taken ? 200 : 404, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** As they came over the wire. */
    bodies,
    headers,
    spans: (): SeenSpan[] => bodies.flatMap(readSpans),
    /** Names of the services that sent something. */
    services: () => [
      ...new Set(
        bodies.flatMap((body) =>
          (JSON.parse(body) as OtlpTraces).resourceSpans.map(
            ({ resource }) => readAttributes(resource)['service.name'],
          ),
        ),
      ),
    ],
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

function readSpans(body: string): SeenSpan[] {
  const { resourceSpans } = JSON.parse(body) as OtlpTraces;
  return resourceSpans
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap(({ spans }) => spans)
    .map((span) => ({
      traceId: span.traceId,
      spanId: span.spanId,
      parentSpanId: span.parentSpanId ?? null,
      name: span.name,
      kind: span.kind,
      seconds: Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e9,
      failed: span.status.code === 2,
      attributes: readAttributes(span),
    }));
}

function readAttributes({ attributes }: OtlpAttributes): Record<string, string | number> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]),
  );
}
