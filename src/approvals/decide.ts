import { append } from '../audit/append.ts';
import type { Transaction } from '../db/client.ts';
import { and, eq, sql } from '../db/drizzle.ts';
import { approvals } from '../db/schema/calls.ts';
import { DeskError } from '../errors.ts';
import { signClick } from './click.ts';
import type { Approval, ApprovalDeps } from './deps.ts';
import type { Presentation } from './presentation.ts';
import { findById } from './query.ts';
import { ensureBackchannelRequest } from './request.ts';
import { chooseDevice, type Device } from './strong/choose-device.ts';
import { openDeviceRequest, readDeviceSeconds } from './strong/tenant/open.ts';

/** Seconds an approved call may wait before it runs. */
const EXECUTE_WITHIN_SECONDS = 300;

export interface DecisionInput {
  readonly workspaceId: string;
  /** Who decides; rights were checked with Slack just now by the caller. */
  readonly memberId: string;
  readonly approvalId: string;
  readonly decision: 'approve' | 'deny';
  readonly reason: string | null;
  readonly from: {
    readonly surface: 'card' | 'command' | 'home' | 'batch';
    readonly channel: string;
    readonly ts: string;
  };
}

/**
 * Decides an approval, once: one transaction, compare-and-swap, audit. The click is signed with the door's key
 * for the authority, which is told when the turn resumes.
 * @returns the approval as it stands after this decision
 * @throws DeskError `approval_unknown`, `not_yours`, `already_decided`, `approval_expired`, `not_allowed`
 */
export async function decide(deps: ApprovalDeps, input: DecisionInput): Promise<Approval> {
  const found = await findById(deps.database, input.workspaceId, input.approvalId);
  if (found === null) throw await refuse(deps, input, null, new DeskError('approval_unknown'));
  if (found.memberId !== input.memberId) {
    throw await refuse(deps, input, found, new DeskError('not_yours', { owner: `<@${found.memberId}>` }));
  }
  const approval = found.status === 'pending' ? await ensureBackchannelRequest(deps, found) : found;
  const { channel, ts } = input.from;
  const click = await signClick(deps.door, approval, {
    memberId: input.memberId,
    decision: input.decision,
    channel,
    ts,
  });
  const result = await deps.database.transaction((tx) => swap(tx, deps, input, click));
  if (result instanceof DeskError) throw await refuse(deps, input, approval, result);
  return result;
}

async function swap(
  tx: Transaction,
  deps: ApprovalDeps,
  input: DecisionInput,
  click: string,
): Promise<Approval | DeskError> {
  const [locked] = await tx
    .select({ approval: approvals, late: sql<boolean>`${approvals.expiresAt} <= clock_timestamp()` })
    .from(approvals)
    .where(eq(approvals.id, input.approvalId))
    .for('update');
  if (locked === undefined) return new DeskError('approval_unknown');
  const { approval, late } = locked;
  if (approval.status !== 'pending') return describeDecided(approval);
  if (late) return new DeskError('approval_expired');
  const unseen = input.decision === 'approve' ? findUnseen(approval) : null;
  if (unseen !== null) return new DeskError('not_allowed', { reason: unseen });
  const asksDevice = input.decision === 'approve' && approval.tier === 'approve_strong';
  const device = asksDevice ? await chooseDevice(tx, deps, approval) : null;
  if (device instanceof DeskError) return device;
  const [decided] = await tx
    .update(approvals)
    .set({
      status: input.decision === 'approve' ? 'approved' : 'denied',
      decidedAt: sql`clock_timestamp()`,
      decidedBy: input.memberId,
      decidedFrom: input.from.surface,
      reason: input.reason,
      click,
      executeBy:
        input.decision === 'approve'
          ? sql`clock_timestamp() + make_interval(secs => ${readExecuteSeconds(deps, device)})`
          : null,
    })
    .where(and(eq(approvals.id, approval.id), eq(approvals.status, 'pending')))
    .returning();
  if (decided === undefined) return new DeskError('approval_unknown');
  if (device?.kind === 'tenant' && deps.device !== null)
    await openDeviceRequest(tx, deps.device.ciba, decided, device);
  const seconds = Math.round(((decided.decidedAt?.getTime() ?? 0) - decided.createdAt.getTime()) / 100) / 10;
  await append(tx, {
    workspaceId: decided.workspaceId,
    type: 'approval.decided',
    actor: `member:${input.memberId}`,
    memberId: decided.memberId,
    action: (decided.presentation as Presentation).action,
    target: (decided.presentation as Presentation).line,
    outcome: decided.status,
    why: input.reason,
    call: { id: decided.callId, code: decided.code },
    turnId: decided.turnId,
    detail: {
      from: input.from.surface,
      channel: input.from.channel,
      seconds,
      tier: decided.tier,
      ...(device === null ? {} : { second_device: device.kind }),
      faster_than_reading: seconds < estimateReadingSeconds(decided.presentation as Presentation),
      verifier: 'embedded, same process',
    },
  });
  await deps.onDecided(tx, decided);
  return decided;
}

/** Why not all of it was shown, as part of a sentence; then it is not approved. */
function findUnseen({ presentation, seenAt }: Approval): string | null {
  const { size } = presentation as Presentation;
  if (size === 'too_large') return 'it is too large to be shown in Slack in full; ask for less';
  return size === 'paged' && seenAt === null ? 'open "Show everything" to its last page first' : null;
}

/** Seconds from the click in which it has to be done, second device included. */
function readExecuteSeconds({ device }: Pick<ApprovalDeps, 'device'>, chosen: Device | null): number {
  if (chosen?.kind !== 'tenant' || device === null) return EXECUTE_WITHIN_SECONDS;
  return Math.max(EXECUTE_WITHIN_SECONDS, readDeviceSeconds(device.ciba));
}

/** Seconds a quick reader needs at the least: about 20 characters a second after a first glance. */
function estimateReadingSeconds(presentation: Presentation): number {
  return 0.7 + presentation.fields.reduce((sum, field) => sum + field.value.length, 0) / 60;
}

/** The sentence for a late or second click: who decided, how and when. */
export function describeDecided(approval: Approval): DeskError {
  const at = approval.decidedAt ?? approval.expiresAt;
  return new DeskError('already_decided', {
    status: approval.status,
    by: approval.decidedBy === null ? 'AgentDesk' : `<@${approval.decidedBy}>`,
    at: `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
  });
}

/** A refused attempt leaves its own event, committed by itself. */
async function refuse(
  deps: ApprovalDeps,
  input: DecisionInput,
  approval: Approval | null,
  error: DeskError,
): Promise<DeskError> {
  await deps.database.transaction((tx) =>
    append(tx, {
      workspaceId: input.workspaceId,
      type: 'approval.refused',
      actor: `member:${input.memberId}`,
      memberId: approval?.memberId ?? input.memberId,
      action: approval === null ? null : (approval.presentation as Presentation).action,
      outcome: error.code,
      call: approval === null ? null : { id: approval.callId, code: approval.code },
      turnId: approval?.turnId ?? null,
      detail: { decision: input.decision, from: input.from.surface, channel: input.from.channel },
    }),
  );
  return error;
}
