import { check, index, integer, jsonb, sql, text, uniqueIndex, uuid } from '../drizzle.ts';
import { at, bytea, desk } from './columns.ts';

export const CALL_STATUSES = [
  'allowed',
  'pending',
  'approved',
  'refused',
  'denied',
  'expired',
  'cancelled',
  'superseded',
  'executing',
  'done',
  'failed',
  'unknown',
] as const;

/** The ledger: one row for each proposed use of an action. */
export const calls = desk.table(
  'calls',
  {
    id: uuid('id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    memberId: text('member_id').notNull(),
    turnId: text('turn_id').notNull(),
    toolCallId: text('tool_call_id').notNull(),
    revision: integer('revision').notNull(),
    agent: text('agent').notNull(),
    issuer: text('issuer').notNull(),
    subject: text('subject').notNull(),
    connection: text('connection').notNull(),
    accountId: uuid('account_id').notNull(),
    accountLabel: text('account_label').notNull(),
    action: text('action').notNull(),
    declarationHash: bytea('declaration_hash').notNull(),
    /** Digest of the arguments as the model gave them: the same tool call id with others is refused. */
    rawDigest: bytea('raw_digest').notNull(),
    /** What this revision was resolved from, canonical: the model's arguments, or a person's edit of them. */
    rawArgs: bytea('raw_args').notNull(),
    /** Canonical bytes (RFC 8785). Execution parses these and nothing else. */
    args: bytea('args').notNull(),
    /** Keyed hash of (action, args, account, member): finds a repetition after a denial. */
    sameness: bytea('sameness').notNull(),
    nonce: bytea('nonce').notNull(),
    digest: bytea('digest').notNull(),
    code: text('code').notNull(),
    /** What the policy was asked, kept so that a claim can ask the present head the same question. */
    policyCall: jsonb('policy_call').notNull(),
    outcome: text('outcome', { enum: ['allow', 'approve', 'approve_strong', 'deny'] }).notNull(),
    rules: jsonb('rules').notNull(),
    policyVersion: text('policy_version').notNull(),
    /** Keyed hash over digest, outcome, question, rules and version; a claim refuses a row without it. */
    decisionSeal: bytea('decision_seal'),
    status: text('status', { enum: CALL_STATUSES }).notNull(),
    /** A claim after this time is refused. */
    executeBy: at('execute_by'),
    attemptId: uuid('attempt_id'),
    handle: jsonb('handle'),
    result: jsonb('result'),
    errorCode: text('error_code'),
    errorMessage: text('error_message'),
    createdAt: at('created_at').notNull().defaultNow(),
    claimedAt: at('claimed_at'),
    settledAt: at('settled_at'),
    reconcileAt: at('reconcile_at'),
    reconcileAttempts: integer('reconcile_attempts').notNull().default(0),
  },
  (table) => [
    uniqueIndex('calls_key').on(table.workspaceId, table.turnId, table.toolCallId, table.revision),
    uniqueIndex('calls_open_code')
      .on(table.workspaceId, table.code)
      .where(sql`status in ('allowed','pending','approved','executing','unknown')`),
    index('calls_code').on(table.workspaceId, table.code),
    index('calls_turn').on(table.turnId),
    index('calls_created').on(table.workspaceId, table.createdAt),
    index('calls_claimable')
      .on(table.executeBy)
      .where(sql`status in ('allowed','approved')`),
    index('calls_unsettled')
      .on(table.reconcileAt)
      .where(sql`status in ('executing','unknown')`),
  ],
);

/** A step-up record. Decided once, consumed once. */
export const approvals = desk.table(
  'approvals',
  {
    id: uuid('id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    /** The requester, who is also the one who decides. */
    memberId: text('member_id').notNull(),
    kind: text('kind', { enum: ['call', 'policy', 'relink', 'grant'] }).notNull(),
    /** What is approved: a call, with the turn and conversation it waits in, a change to the policy, another link, or a grant. */
    callId: uuid('call_id'),
    policyVersionId: uuid('policy_version_id'),
    linkRequestId: uuid('link_request_id'),
    grantId: uuid('grant_id'),
    turnId: text('turn_id'),
    conversationId: text('conversation_id'),
    tier: text('tier', { enum: ['approve', 'approve_strong'] }).notNull(),
    status: text('status', {
      enum: ['pending', 'approved', 'denied', 'expired', 'cancelled', 'superseded'],
    }).notNull(),
    issuer: text('issuer').notNull(),
    subject: text('subject').notNull(),
    code: text('code').notNull(),
    presentation: jsonb('presentation').notNull(),
    presentationHash: bytea('presentation_hash').notNull(),
    digest: bytea('digest').notNull(),
    policyVersion: text('policy_version').notNull(),
    authReqId: text('auth_req_id'),
    expiresAt: at('expires_at').notNull(),
    executeBy: at('execute_by'),
    createdAt: at('created_at').notNull().defaultNow(),
    /** When the last page of "Show everything" was opened; only then may a paged card be approved. */
    seenAt: at('seen_at'),
    decidedAt: at('decided_at'),
    decidedBy: text('decided_by'),
    decidedFrom: text('decided_from'),
    reason: text('reason'),
    /** The signed click (JWS): evidence, not a credential. */
    click: text('click'),
    /** `jti` of the verified CIBA token; unique, so that one token proves one approval. */
    proofJti: text('proof_jti').unique(),
    provedAt: at('proved_at'),
    /** When a passkey confirmed it; a call of tier approve_strong is not claimed before. */
    strongAt: at('strong_at'),
    consumedAt: at('consumed_at'),
  },
  (table) => [
    uniqueIndex('approvals_call').on(table.callId),
    uniqueIndex('approvals_policy_version').on(table.policyVersionId),
    uniqueIndex('approvals_link_request').on(table.linkRequestId),
    uniqueIndex('approvals_grant').on(table.grantId),
    // Exactly what its kind says, so that no row can be read as an approval of two things.
    check(
      'approvals_about',
      sql`num_nonnulls(call_id, policy_version_id, link_request_id, grant_id) = 1
        and (kind = 'call') = (call_id is not null) and (kind = 'policy') = (policy_version_id is not null)
        and (kind = 'relink') = (link_request_id is not null) and (kind = 'grant') = (grant_id is not null)
        and (kind = 'call') = (turn_id is not null) and (kind = 'call') = (conversation_id is not null)`,
    ),
    index('approvals_pending')
      .on(table.expiresAt)
      .where(sql`status = 'pending'`),
    index('approvals_member').on(table.workspaceId, table.memberId, table.createdAt),
    index('approvals_unproved')
      .on(table.decidedAt)
      .where(sql`status = 'approved' and proved_at is null`),
    index('approvals_unconfirmed')
      .on(table.executeBy)
      .where(sql`status = 'approved' and tier = 'approve_strong' and strong_at is null`),
  ],
);

/** The right to send a bounded set of provider requests. */
export const leases = desk.table(
  'leases',
  {
    id: uuid('id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    memberId: text('member_id').notNull(),
    kind: text('kind', { enum: ['perform', 'inspect', 'reconcile', 'disconnect'] }).notNull(),
    callId: uuid('call_id'),
    attemptId: uuid('attempt_id'),
    accountId: uuid('account_id').notNull(),
    issuer: text('issuer').notNull(),
    subject: text('subject').notNull(),
    connection: text('connection').notNull(),
    vaultId: text('vault_id').notNull(),
    action: text('action').notNull(),
    scopes: text('scopes').array().notNull(),
    openedAt: at('opened_at').notNull().defaultNow(),
    expiresAt: at('expires_at').notNull(),
    endedAt: at('ended_at'),
  },
  (table) => [index('leases_call').on(table.callId)],
);
