import { randomUUID } from 'node:crypto';
import { append } from '../audit/append.ts';
import { digestOf } from '../db/canonical.ts';
import type { Transaction } from '../db/client.ts';
import { and, eq, isNull, sql } from '../db/drizzle.ts';
import { approvals } from '../db/schema/calls.ts';
import { DeskError } from '../errors.ts';
import { writeBindingMessage } from './binding-message.ts';
import type { Approval, ApprovalDeps } from './deps.ts';
import { describeDetails } from './details.ts';
import { computeApprovalDigest } from './digest.ts';
import type { Presentation } from './presentation.ts';

/** What is approved: a call of an agent, with the turn that waits for it, a change to the policy, another link, or a grant. */
export type ApprovalAbout =
  | {
      readonly kind: 'call';
      readonly callId: string;
      readonly turnId: string;
      readonly conversationId: string;
      readonly traceId: string;
      readonly agent: string;
    }
  | { readonly kind: 'policy'; readonly policyVersionId: string }
  | { readonly kind: 'relink'; readonly linkRequestId: string }
  | { readonly kind: 'grant'; readonly grantId: string };

export interface ApprovalRequest {
  readonly workspaceId: string;
  readonly memberId: string;
  readonly about: ApprovalAbout;
  /** Digest of what it is about. */
  readonly subjectDigest: Buffer;
  /** Who asks, as the audit names them. */
  readonly actor: string;
  readonly tier: 'approve' | 'approve_strong';
  readonly issuer: string;
  readonly subject: string;
  readonly code: string;
  readonly presentation: Presentation;
  readonly policyVersion: string;
  /** Seconds it stays open. */
  readonly seconds: number;
}

/** Writes the approval row, in the transaction that writes what it is about. The database's clock sets its end. */
export async function createApproval(tx: Transaction, request: ApprovalRequest): Promise<Approval> {
  const [clock] = await tx.execute<{ expires_at: string }>(
    sql`select to_char((date_trunc('second', clock_timestamp()) + make_interval(secs => ${request.seconds})) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as expires_at`,
  );
  const expiresAt = new Date(clock?.expires_at ?? Number.NaN);
  const presentationHash = digestOf(request.presentation);
  const [row] = await tx
    .insert(approvals)
    .values({
      id: randomUUID(),
      workspaceId: request.workspaceId,
      memberId: request.memberId,
      ...columnsOf(request.about),
      tier: request.tier,
      status: 'pending',
      issuer: request.issuer,
      subject: request.subject,
      code: request.code,
      presentation: request.presentation,
      presentationHash,
      digest: computeApprovalDigest({
        subjectDigest: request.subjectDigest,
        tier: request.tier,
        issuer: request.issuer,
        approver: `${request.workspaceId}/${request.memberId}`,
        policyVersion: request.policyVersion,
        expiresAt,
        presentationHash,
      }),
      policyVersion: request.policyVersion,
      expiresAt,
    })
    .returning();
  if (row === undefined) throw new DeskError('internal', { reference: 'approval was not stored' });
  await append(tx, {
    workspaceId: request.workspaceId,
    type: 'approval.requested',
    actor: request.actor,
    memberId: request.memberId,
    action: request.presentation.action,
    target: request.presentation.line,
    outcome: 'pending',
    call: { id: row.callId, code: request.code },
    ...(request.about.kind === 'call'
      ? { agent: request.about.agent, turnId: request.about.turnId, traceId: request.about.traceId }
      : {}),
    detail: {
      tier: request.tier,
      issuer: request.issuer,
      policy_version: request.policyVersion,
      expires_at: expiresAt,
    },
  });
  return row;
}

function columnsOf(
  about: ApprovalAbout,
): Pick<
  typeof approvals.$inferInsert,
  'kind' | 'callId' | 'policyVersionId' | 'linkRequestId' | 'grantId' | 'turnId' | 'conversationId'
> {
  if (about.kind !== 'call') return about;
  const { callId, turnId, conversationId } = about;
  return { kind: 'call', callId, turnId, conversationId };
}

/**
 * Makes sure the authority knows of the approval: sends the backchannel authentication request once and keeps
 * its `auth_req_id`. Harmless to repeat.
 */
export async function ensureBackchannelRequest(deps: ApprovalDeps, approval: Approval): Promise<Approval> {
  if (approval.authReqId !== null) return approval;
  return startBackchannelRequest(deps, approval);
}

/** Asks the authority anew, replacing the `auth_req_id` that was seen; for a request whose token was lost in a crash. */
export async function startBackchannelRequest(deps: ApprovalDeps, approval: Approval): Promise<Approval> {
  const presentation = approval.presentation as Presentation;
  const seconds = Math.max(60, Math.ceil((approval.expiresAt.getTime() - Date.now()) / 1000) + 60);
  const { authReqId } = await deps.ciba.initiate({
    subject: approval.subject,
    bindingMessage: writeBindingMessage(presentation.action, presentation.hint, approval.code),
    expirySeconds: seconds,
    details: describeDetails(approval),
  });
  const [updated] = await deps.database.db
    .update(approvals)
    .set({ authReqId })
    .where(
      and(
        eq(approvals.id, approval.id),
        approval.authReqId === null
          ? isNull(approvals.authReqId)
          : eq(approvals.authReqId, approval.authReqId),
      ),
    )
    .returning();
  if (updated !== undefined) return updated;
  // Another process asked in the meantime; its request is the one that counts.
  const [other] = await deps.database.db.select().from(approvals).where(eq(approvals.id, approval.id));
  if (other === undefined) throw new DeskError('approval_unknown');
  return other;
}
