import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import type { Action } from '../actions/action.ts';
import { writeCode } from '../approvals/code.ts';
import { createApproval, ensureBackchannelRequest } from '../approvals/request.ts';
import { append } from '../audit/append.ts';
import { toCanonicalBytes } from '../db/canonical.ts';
import { readSqlState, type Transaction } from '../db/client.ts';
import { and, eq, sql } from '../db/drizzle.ts';
import { calls } from '../db/schema/calls.ts';
import { DeskError } from '../errors.ts';
import type { Decision, PolicyCall } from '../policy/types.ts';
import type { Account } from '../vault/deps.ts';
import type { Subject } from '../vault/accounts/members.ts';
import type { Call, CallDeps, MemberProfile, Turn } from './deps.ts';
import { computeCallDigest, hashDeclaration } from './digest.ts';
import { sealDecision } from './decision-seal.ts';
import { findFirstTime } from './policy-call.ts';
import type { MarkedTarget } from './provenance.ts';
import { assertMayPropose, isFull, supersede, type Replaced } from './propose-gates.ts';
import { describeContent } from './describe-content.ts';
import { present } from './present.ts';
import { findApprovalOf } from './query.ts';
import { BEGINNINGS } from './transitions.ts';

/** An allowed or approved call must be claimed within this time. */
const EXECUTE_WITHIN_SECONDS = 300;

/** A call whose arguments are fixed, on its way into the ledger. */
export interface Fixed {
  readonly turn: Turn;
  readonly toolCallId: string;
  readonly revision: number;
  readonly action: Action;
  readonly args: unknown;
  /** Digest of the model's own arguments, the same for all revisions. */
  readonly rawDigest: Buffer;
  /** What this revision was resolved from. */
  readonly raw: unknown;
  readonly account: Account;
  readonly subject: Subject;
  readonly profile: MemberProfile;
  readonly policyCall: PolicyCall;
  readonly decision: Decision;
  /** Where it goes, and where that came from. */
  readonly targets: readonly MarkedTarget[];
  /** The revision this one replaces, in the same transaction and only while that is pending. */
  readonly replaces: Replaced | null;
}

/**
 * Writes a call into the ledger: row, approval if one is needed, and audit in one transaction; then tells the
 * authority. The nonce is drawn here, after the arguments were fixed.
 * @returns the row, or null when too many approvals of this member are open (ask again later)
 * @throws DeskError `stopped`, `already_denied`
 */
export async function propose(deps: CallDeps, fixed: Fixed): Promise<Call | null> {
  const args = toCanonicalBytes(fixed.args);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const call = await insertCall(deps, fixed, args);
      if (call?.status === 'pending') {
        const approval = await findApprovalOf(deps, call.id);
        if (approval !== null) await ensureBackchannelRequest(deps.approvals, approval);
      }
      return call;
    } catch (error) {
      // Two open calls of a workspace may not share a code: draw another nonce.
      if (readSqlState(error) !== '23505' || attempt === 5) throw error;
    }
  }
}

async function insertCall(deps: CallDeps, fixed: Fixed, args: Buffer): Promise<Call | null> {
  const { turn, action, account, subject, decision } = fixed;
  const nonce = randomBytes(16);
  const rawArgs = toCanonicalBytes(fixed.raw);
  const terms = {
    workspaceId: turn.workspaceId,
    memberId: turn.memberId,
    subject: subject.subject,
    agent: turn.agent,
    connection: account.connection,
    accountId: account.id,
    action: action.id,
    declarationHash: hashDeclaration(action),
    args,
    turnId: turn.id,
    toolCallId: fixed.toolCallId,
    revision: fixed.revision,
    nonce,
  };
  const digest = computeCallDigest(terms);
  const code = writeCode(digest);
  const sameness = createHmac('sha256', deps.keyring.derive('sameness'))
    .update(JSON.stringify([action.id, account.id, turn.memberId]))
    // Over what the model asked, not over what it resolved to: an etag or a conflict may differ each time.
    .update(rawArgs)
    .digest();
  const addresses = [...(fixed.policyCall.facts.recipients ?? []), ...(fixed.policyCall.facts.guests ?? [])];
  const asks = decision.outcome === 'approve' || decision.outcome === 'approve_strong';
  const presentation = asks
    ? present({
        ...fixed,
        code,
        facts: fixed.policyCall.facts as Parameters<Action['preview']>[1],
        firstTime: await findFirstTime(deps, turn, addresses),
        previous: fixed.replaces?.presentation ?? null,
      })
    : null;
  return deps.database.transaction(async (tx) => {
    await assertMayPropose(tx, turn, { ...terms, sameness });
    if (fixed.replaces !== null) await supersede(tx, deps, fixed.replaces);
    else if (asks && (await isFull(tx, turn))) return null;
    const [row] = await tx
      .insert(calls)
      .values({
        ...terms,
        id: randomUUID(),
        issuer: subject.issuer,
        accountLabel: account.label,
        rawDigest: fixed.rawDigest,
        rawArgs,
        sameness,
        digest,
        code,
        policyCall: fixed.policyCall,
        outcome: decision.outcome,
        rules: decision.rules,
        policyVersion: decision.policyVersion,
        decisionSeal: sealDecision(deps, {
          digest,
          outcome: decision.outcome,
          policyCall: fixed.policyCall,
          policyVersion: decision.policyVersion,
          rules: decision.rules,
        }),
        status: BEGINNINGS[decision.outcome],
        executeBy:
          decision.outcome === 'allow'
            ? sql`clock_timestamp() + make_interval(secs => ${EXECUTE_WITHIN_SECONDS})`
            : null,
        ...(decision.outcome === 'deny'
          ? {
              errorCode: 'denied_by_policy',
              errorMessage: describeDenial(decision),
              settledAt: sql`clock_timestamp()`,
            }
          : {}),
      })
      .onConflictDoNothing({ target: [calls.workspaceId, calls.turnId, calls.toolCallId, calls.revision] })
      .returning();
    if (row === undefined) return findExisting(tx, fixed);
    await recordProposal(tx, row, fixed);
    if (presentation !== null) {
      await createApproval(tx, {
        workspaceId: turn.workspaceId,
        memberId: turn.memberId,
        about: {
          kind: 'call',
          callId: row.id,
          turnId: turn.id,
          conversationId: turn.conversationId,
          traceId: turn.traceId,
          agent: row.agent,
        },
        subjectDigest: digest,
        actor: `agent:${row.agent}`,
        tier: presentation.tier,
        issuer: deps.approvals.ciba.issuer,
        // The embedded authority knows members by this name, whoever the vault's subject is.
        subject: `slack|${turn.workspaceId}|${turn.memberId}`,
        code,
        presentation,
        policyVersion: decision.policyVersion,
        seconds: deps.approvalSeconds,
      });
    }
    return row;
  });
}

async function findExisting(tx: Transaction, fixed: Fixed): Promise<Call | null> {
  const [row] = await tx
    .select()
    .from(calls)
    .where(
      and(
        eq(calls.workspaceId, fixed.turn.workspaceId),
        eq(calls.turnId, fixed.turn.id),
        eq(calls.toolCallId, fixed.toolCallId),
        eq(calls.revision, fixed.revision),
      ),
    );
  return row ?? null;
}

function describeDenial(decision: Decision): string {
  const reason = decision.rules.map((rule) => rule.reason.replace(/\.$/, '')).join('; ');
  return new DeskError('denied_by_policy', { reason: reason === '' ? 'no rule permits it' : reason }).message;
}

async function recordProposal(tx: Transaction, call: Call, fixed: Fixed): Promise<void> {
  const { turn, decision, account } = fixed;
  const about = {
    workspaceId: call.workspaceId,
    memberId: call.memberId,
    agent: call.agent,
    action: call.action,
    target: account.label,
    call: { id: call.id, code: call.code },
    turnId: turn.id,
    traceId: turn.traceId,
  };
  await append(
    tx,
    {
      ...about,
      type: 'call.proposed',
      actor: `agent:${call.agent}`,
      outcome: 'proposed',
      detail: {
        revision: call.revision,
        args_sha256: call.digest.toString('hex'),
        args_bytes: call.args.length,
        ...describeContent(fixed),
      },
    },
    {
      ...about,
      type: 'call.decided',
      actor: 'desk',
      outcome: call.outcome,
      why: decision.rules.map((rule) => rule.reason).join(' '),
      detail: {
        rules: decision.rules,
        policy_version: call.policyVersion,
        problem: decision.problem ?? null,
      },
    },
  );
}
