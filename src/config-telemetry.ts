import { isLoopback, type Environment } from './config-readers.ts';
import type { Config } from './config-types.ts';

const SHORTEST_TOKEN = 16;

/**
 * Where traces go, by OpenTelemetry's own variables: the endpoint of a collector, to which `/v1/traces` is added, or
 * the whole URL for traces.
 * https://opentelemetry.io/docs/specs/otel/protocol/exporter/#endpoint-urls-for-otlphttp
 */
export function readTraces(from: Environment): Config['traces'] {
  const whole = readCollector(from, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
  const base = readCollector(from, 'OTEL_EXPORTER_OTLP_ENDPOINT');
  const url = whole ?? (base === null ? null : `${base.replace(/\/+$/, '')}/v1/traces`);
  return url === null ? null : { url, serviceName: from.fallback('OTEL_SERVICE_NAME') };
}

/** A collector beside the program is spoken to in clear; spans hold no secret, but its headers may. */
function readCollector(
  from: Environment,
  name: 'OTEL_EXPORTER_OTLP_ENDPOINT' | 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
): string | null {
  const value = from.text(name);
  if (value === null) return null;
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
    from.problems.push(`${name} is not an http(s) URL; write it like http://127.0.0.1:4318`);
    return null;
  }
  const inClear = new URL(value).protocol === 'http:' && !isLoopback(value);
  if (inClear && from.text('OTEL_EXPORTER_OTLP_HEADERS') !== null) {
    from.problems.push(`${name} must be https, or OTEL_EXPORTER_OTLP_HEADERS would be sent in clear`);
  }
  return value;
}

/** `name=value` pairs, percent-encoded, between commas. https://www.w3.org/TR/baggage/#header-content */
export function readTraceHeaders(from: Environment): Record<string, string> {
  const pairs = from.text('OTEL_EXPORTER_OTLP_HEADERS')?.split(',') ?? [];
  const headers: Record<string, string> = {};
  for (const pair of pairs.map((text) => text.trim()).filter((text) => text !== '')) {
    const [, name, value] = /^([\w-]+)\s*=\s*(.*)$/.exec(pair) ?? [];
    if (name === undefined || value === undefined || /%(?![0-9a-f]{2})/i.test(value)) {
      from.problems.push(
        'OTEL_EXPORTER_OTLP_HEADERS must be name=value pairs between commas, percent-encoded',
      );
      break;
    }
    headers[name] = decodeURIComponent(value);
  }
  return headers;
}

export function readMetricsToken(from: Environment): string | null {
  const token = from.text('AGENTDESK_METRICS_TOKEN');
  if (token !== null && !new RegExp(`^[\\x21-\\x7e]{${SHORTEST_TOKEN},}$`).test(token)) {
    from.problems.push(
      `AGENTDESK_METRICS_TOKEN must have at least ${SHORTEST_TOKEN} characters and no spaces; make one with: node -e "console.log(require('crypto').randomBytes(24).toString('base64url'))"`,
    );
  }
  return token;
}
