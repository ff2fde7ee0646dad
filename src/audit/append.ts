import type { Transaction } from '../db/client.ts';
import { auditEvents } from '../db/schema/records.ts';
import { deriveTraceId } from '../telemetry-ids.ts';
import type { AuditType } from './vocabulary.ts';

export interface AuditEvent {
  readonly workspaceId: string;
  readonly type: AuditType;
  /** `member:U…`, `agent:<name>`, `desk`, `authority`, `operator`. */
  readonly actor: string;
  /** On whose behalf. */
  readonly memberId?: string | null;
  readonly agent?: string | null;
  readonly action?: string | null;
  readonly target?: string | null;
  readonly outcome: string;
  readonly why?: string | null;
  /** `id` is null where a code names something else, such as a change to the policy. */
  readonly call?: { readonly id: string | null; readonly code: string } | null;
  readonly turnId?: string | null;
  readonly traceId?: string | null;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Records what happened, in the transaction of the state change it describes; counted when that is committed. */
export async function append(tx: Transaction, ...events: readonly AuditEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.insert(auditEvents).values(
    events.map(({ call, why, target, detail, ...event }) => ({
      ...event,
      traceId: event.traceId ?? (event.turnId == null ? null : deriveTraceId(event.turnId)),
      detail: detail ?? {},
      callId: call?.id ?? null,
      code: call?.code ?? null,
      why: shorten(why),
      target: shorten(target),
    })),
  );
  tx.afterCommit((telemetry) => {
    for (const event of events) telemetry.record(event);
  });
}

function shorten(text: string | null | undefined): string | null {
  if (text === null || text === undefined) return null;
  const clean = text.replaceAll('\u0000', '\ufffd').toWellFormed();
  return clean.length > 300 ? `${clean.slice(0, 299)}…` : clean;
}
