import type { AuditRecord } from './event.ts';
import { findKind } from './vocabulary.ts';
import { OTHER } from './vocabulary/kind.ts';

/** The version of the schema the mapping was made for: https://schema.ocsf.io/1.3.0/ */
const VERSION = '1.3.0';

/** OCSF's activity of an API request, by its method (class 6003). */
const METHODS: Readonly<Record<string, number>> = { POST: 1, GET: 2, HEAD: 2, PUT: 3, PATCH: 3, DELETE: 4 };

/** Outcomes that say it did not go as asked, where the type does not say so already. */
const FAILURES = new Set(
  [
    'deny',
    'denied',
    'failed',
    'expired',
    'unknown',
    'error',
    'no_answer',
    'redirect_refused',
    'scope_missing',
  ].concat([
    'not_revoked_at_provider',
    'account_missing',
    'account_reconnect',
    'vault_misconfigured',
    'vault_unreachable',
  ]),
);

/** An event as OCSF writes it; what its classes have no place for stands in `unmapped`. */
export function toOcsf(record: AuditRecord, origin: string): Record<string, unknown> {
  const { detail } = record;
  const [classUid, usual] = findKind(record.type)?.ocsf ?? [6003, OTHER];
  const activity =
    record.type === 'provider.requested' ? (METHODS[String(detail['method'])] ?? OTHER) : usual;
  const failed =
    record.type.endsWith('.refused') || record.type === 'audit.finding' || FAILURES.has(record.outcome);
  return {
    activity_id: activity,
    activity_name: activity === OTHER ? record.type : undefined,
    category_uid: Math.floor(classUid / 1000),
    class_uid: classUid,
    type_uid: classUid * 100 + activity,
    time: Date.parse(record.at),
    severity_id: record.type === 'audit.finding' || detail['attack'] === true ? 5 : failed ? 3 : 1,
    status_id: failed ? 2 : 1,
    status_code: record.outcome,
    status_detail: record.why,
    metadata: {
      version: VERSION,
      product: { name: 'AgentDesk', vendor_name: 'AgentDesk' },
      uid: `${origin}/${record.index}`,
      event_code: record.type,
      correlation_uid: record.turn,
      sequence: record.index,
    },
    actor: describeActor(record),
    ...describeObject(classUid, record),
    unmapped: {
      agent: record.agent,
      action: record.action,
      target: record.target,
      call: record.call,
      code: record.code,
      trace: record.trace,
      ...detail,
    },
  };
}

function describeActor({ actor, member }: AuditRecord): Record<string, unknown> {
  const [, id] = /^member:(.+)$/.exec(actor) ?? [];
  if (id !== undefined) return { user: { uid: id } };
  return { app_name: actor, user: member === undefined ? undefined : { uid: member } };
}

/** What the event is about, where its class wants it. */
function describeObject(classUid: number, record: AuditRecord): Record<string, unknown> {
  const { detail } = record;
  const user = { uid: record.member ?? record.pseudonym ?? record.actor };
  if (classUid === 3001) return { user };
  if (classUid === 3002) return { user, service: { name: record.target ?? 'AgentDesk' } };
  if (classUid === 3004) {
    return {
      entity: {
        type: record.type.split('.')[0],
        uid: record.call ?? record.code,
        name: record.target ?? record.type,
      },
    };
  }
  if (classUid === 3005) {
    return { user, privileges: detail['scopes'] ?? [], resources: [{ name: record.target ?? 'AgentDesk' }] };
  }
  const { method, host, path, status, ms } = detail;
  return {
    api: {
      operation: record.action ?? record.type,
      request: { uid: record.call ?? record.turn ?? `${record.index}` },
    },
    src_endpoint: { name: 'AgentDesk' },
    ...(method === undefined ? {} : { http_request: { http_method: method, url: { hostname: host, path } } }),
    ...(typeof status === 'number' ? { http_response: { code: status, latency: ms } } : {}),
  };
}
