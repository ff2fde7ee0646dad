import { index, integer, sql, text, uuid } from '../drizzle.ts';
import { at, desk } from './columns.ts';

/**
 * An approval that the member's own device is asked to confirm, at the tenant (CIBA). Whoever polls for its answer holds
 * it by a lease, one of all processes; once the answer is there, nobody polls again.
 */
export const strongRequests = desk.table(
  'strong_requests',
  {
    approvalId: uuid('approval_id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    memberId: text('member_id').notNull(),
    /** Pinned when it is made: nobody else is believed. */
    issuer: text('issuer').notNull(),
    subject: text('subject').notNull(),
    /** The member's identity at the tenant, as a second device of theirs. */
    factorId: uuid('factor_id').notNull(),
    status: text('status', {
      enum: [
        /** Still to be sent, or sent again. */
        'asking',
        'waiting',
        'approved',
        'denied',
        'expired',
        /** The tenant has no device of theirs; a passkey confirms it instead. */
        'passkey',
        /** Nobody waits for it any more. */
        'ended',
      ],
    }).notNull(),
    /** Sealed, and only while it is waited for. */
    authReqIdSealed: text('auth_req_id_sealed'),
    /** Seconds between polls; `slow_down` makes it longer (CIBA Core §11). */
    intervalSeconds: integer('interval_seconds').notNull().default(5),
    nextPollAt: at('next_poll_at').notNull().defaultNow(),
    /** Who works on it until `next_poll_at`; what another one then says is not taken. */
    leaseId: uuid('lease_id'),
    /** When it was last sent, by our clock and before it left. */
    askedAt: at('asked_at'),
    asks: integer('asks').notNull().default(0),
    /** From this time on `access_denied` means that nobody answered. */
    deadlineAt: at('deadline_at'),
    /** What is in the way, for the card: an error code of ours. */
    trouble: text('trouble'),
    createdAt: at('created_at').notNull().defaultNow(),
    settledAt: at('settled_at'),
    /** `jti` of the verified token; unique, so that one token confirms one approval. */
    proofJti: text('proof_jti').unique(),
    /** What was proved, sealed: who can only write to the database cannot make a confirmation. */
    proofSeal: text('proof_seal'),
  },
  (table) => [
    index('strong_requests_due')
      .on(table.nextPollAt)
      .where(sql`status in ('asking', 'waiting')`),
    index('strong_requests_asked').on(table.issuer, table.askedAt),
  ],
);
