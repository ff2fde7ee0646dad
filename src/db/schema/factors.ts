import { bigint, index, jsonb, sql, text, uuid } from '../drizzle.ts';
import { at, bytea, desk } from './columns.ts';

/**
 * Second devices of members: what a stolen Slack session does not have. A passkey, or the identity at the tenant whose
 * own device is asked there. Keys are never changed, only removed.
 */
export const factors = desk.table(
  'factors',
  {
    id: uuid('id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    memberId: text('member_id').notNull(),
    kind: text('kind', { enum: ['passkey', 'tenant'] })
      .notNull()
      .default('passkey'),
    /** base64url, as WebAuthn writes it; of a tenant's identity its own id again. */
    credentialId: text('credential_id').notNull().unique(),
    /** COSE key (WebAuthn §6.5.1); of a tenant's identity issuer and subject, as JSON. */
    publicKey: bytea('public_key').notNull(),
    /** Signature counter, 32 bits unsigned (WebAuthn §6.1.1); stays 0 where the authenticator has none. */
    counter: bigint('counter', { mode: 'number' }).notNull(),
    transports: text('transports').array().notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    /** It decides nothing before this time. */
    countsFrom: at('counts_from').notNull(),
    /** The admin whose passkey made it count at once. */
    vouchedBy: text('vouched_by'),
    removedAt: at('removed_at'),
    /** The member whose passkey removed it: its own, or an admin. */
    removedBy: text('removed_by'),
    /** Owner, key and `counts_from`, sealed: who can only write to the database cannot make a passkey. */
    seal: text('seal').notNull(),
  },
  (table) => [
    index('factors_member')
      .on(table.workspaceId, table.memberId)
      .where(sql`removed_at is null`),
  ],
);

/** A one-time link to make, remove or vouch for a passkey. Its secret is a MAC of the id and is not kept. */
export const factorRequests = desk.table('factor_requests', {
  id: uuid('id').primaryKey(),
  workspaceId: text('workspace_id').notNull(),
  /** Who opens it and proves it. */
  memberId: text('member_id').notNull(),
  kind: text('kind', { enum: ['enrol', 'remove', 'vouch'] }).notNull(),
  /** The passkey that is removed or vouched for. */
  factorId: uuid('factor_id'),
  /** sha256 of the cookie of the browser that began it. */
  browserHash: text('browser_hash'),
  /** The new key, verified, that still waits for the present one. */
  candidate: jsonb('candidate'),
  createdAt: at('created_at').notNull().defaultNow(),
  expiresAt: at('expires_at').notNull(),
  usedAt: at('used_at'),
});

/** What an authenticator was asked to sign, once, and what it answered. */
export const strongChallenges = desk.table(
  'strong_challenges',
  {
    id: uuid('id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    /** Who has to answer. */
    memberId: text('member_id').notNull(),
    /** Exactly one of these two is what it is about. */
    approvalId: uuid('approval_id'),
    factorRequestId: uuid('factor_request_id'),
    ceremony: text('ceremony', { enum: ['create', 'get'] }).notNull(),
    nonce: bytea('nonce').notNull(),
    /** sha256(digest of the subject ‖ nonce). */
    challenge: bytea('challenge').notNull(),
    rpId: text('rp_id').notNull(),
    origin: text('origin').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    expiresAt: at('expires_at').notNull(),
    /** Set by the first answer, a wrong one too. */
    usedAt: at('used_at'),
    /** The passkey that answered rightly. */
    factorId: uuid('factor_id'),
    /** Its answer as it came: evidence, checked again by the claim. */
    assertion: jsonb('assertion'),
  },
  (table) => [
    index('strong_challenges_approval').on(table.approvalId),
    index('strong_challenges_request').on(table.factorRequestId),
  ],
);
