import { readSeconds } from './telemetry-counting.ts';
import type { Attributes, BusinessEvent } from './telemetry-types.ts';

/** A span that is known only when it has ended. */
export interface PastSpan {
  readonly name: 'turn' | 'approval' | 'provider request';
  readonly turnId: string;
  readonly seconds: number;
  /** `root` is the turn itself; `turn` hangs below it; `step` below whatever step is running. */
  readonly place: 'root' | 'turn' | 'step';
  readonly client: boolean;
  readonly failed: boolean;
  readonly attributes: Attributes;
}

/** The span an event is the end of, or null. An approval may be decided by another process than asked for it. */
export function describeSpan(event: BusinessEvent): PastSpan | null {
  const seconds = readSeconds(event);
  const { turnId, type, outcome } = event;
  if (turnId == null || seconds === null) return null;
  const attributes = collect(event);
  if (type === 'turn.ended') {
    return {
      name: 'turn',
      turnId,
      seconds,
      place: 'root',
      client: false,
      failed: outcome === 'failed',
      attributes,
    };
  }
  if (type === 'approval.decided') {
    return { name: 'approval', turnId, seconds, place: 'turn', client: false, failed: false, attributes };
  }
  if (type === 'provider.requested') {
    const failed = outcome !== 'ok';
    return { name: 'provider request', turnId, seconds, place: 'step', client: true, failed, attributes };
  }
  return null;
}

/** Names as OpenTelemetry's conventions for HTTP clients have them; ours begin with `agentdesk.`. */
function collect({ type, outcome, action, target, detail = {} }: BusinessEvent): Attributes {
  const attributes: Record<string, string | number> = { 'agentdesk.outcome': outcome };
  const { tier, method, host, status } = detail;
  if (typeof action === 'string') attributes['agentdesk.action'] = action;
  if (typeof tier === 'string') attributes['agentdesk.tier'] = tier;
  if (type !== 'provider.requested') return attributes;
  // Of other events the target may be an address.
  if (typeof target === 'string') attributes['agentdesk.connection'] = target;
  if (typeof method === 'string') attributes['http.request.method'] = method;
  if (typeof host === 'string') attributes['server.address'] = host;
  if (typeof status === 'number') attributes['http.response.status_code'] = status;
  return attributes;
}
