import type { Transaction } from '../db/client.ts';
import { auditEvents } from '../db/schema/records.ts';

/** The vocabulary. One name per thing that happened; outcomes and details say how. */
export type AuditType =
  | 'message.received'
  | 'turn.ended'
  | 'call.proposed'
  | 'call.decided'
  | 'call.claimed'
  | 'call.settled'
  | 'call.refused'
  | 'approval.requested'
  | 'approval.decided'
  | 'approval.proved'
  | 'approval.confirmed'
  | 'approval.refused'
  | 'lease.opened'
  | 'lease.ended'
  | 'lease.refused'
  | 'token.exchanged'
  | 'provider.requested'
  | 'account.connect_requested'
  | 'account.connected'
  | 'account.connect_refused'
  | 'account.disconnected'
  | 'factor.enrolled'
  | 'factor.vouched'
  | 'factor.removed'
  | 'factor.refused'
  | 'desk.stopped'
  | 'desk.resumed'
  | 'access.refused';

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
  readonly call?: { readonly id: string; readonly code: string } | null;
  readonly turnId?: string | null;
  readonly traceId?: string | null;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Records what happened, in the transaction of the state change it describes. */
export async function append(tx: Transaction, ...events: readonly AuditEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.insert(auditEvents).values(
    events.map(({ call, why, target, detail, ...event }) => ({
      ...event,
      detail: detail ?? {},
      callId: call?.id ?? null,
      code: call?.code ?? null,
      why: shorten(why),
      target: shorten(target),
    })),
  );
}

function shorten(text: string | null | undefined): string | null {
  if (text === null || text === undefined) return null;
  const clean = text.replaceAll('\u0000', '\ufffd').toWellFormed();
  return clean.length > 300 ? `${clean.slice(0, 299)}…` : clean;
}
