import { deliverNext, listStreams } from '../../audit/stream/deliver.ts';
import type { Sink } from '../../audit/stream/sink.ts';
import { createStdoutSink } from '../../audit/stream/stdout.ts';
import { createWebhookSink } from '../../audit/stream/webhook.ts';
import type { AuditConfig, Secrets } from '../../config-types.ts';
import type { Database } from '../../db/client.ts';
import type { Log } from '../../telemetry.ts';

/** The ways out of the audit log that are configured. */
export function openSinks({ stdout, format }: AuditConfig, webhook: Secrets['auditWebhook']): Sink[] {
  return [
    ...(webhook === null ? [] : [createWebhookSink({ ...webhook, format, now: () => new Date() })]),
    ...(stdout ? [createStdoutSink(process.stdout, format)] : []),
  ];
}

/** One batch of each log that has something for the sink. @returns how many logs have more */
export async function streamDue(database: Database, sink: Sink, log: Log): Promise<number> {
  let more = 0;
  for (const workspaceId of await listStreams(database, sink.name)) {
    const delivery = await deliverNext(database, sink, workspaceId);
    if (delivery === null) continue;
    const { problem, ...rest } = delivery;
    if (problem !== null) {
      const about = { sink: sink.name, workspaceId, problem: problem.what, ...rest };
      log.warn(about, 'audit events were not taken; they wait and are sent again');
    } else if (delivery.waiting > 0) more += 1;
  }
  return more;
}
