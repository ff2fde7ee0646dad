import { index, integer, jsonb, primaryKey, text, uuid } from '../drizzle.ts';
import { at, bytea, desk } from './columns.ts';

/** What a member allowed again, a bounded number of times. Only what became of it changes, never what it says. */
export const grants = desk.table(
  'grants',
  {
    id: uuid('id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    memberId: text('member_id').notNull(),
    /** A name for people, never an authority. */
    code: text('code').notNull(),
    agent: text('agent').notNull(),
    action: text('action').notNull(),
    declarationHash: bytea('declaration_hash').notNull(),
    /** Who the member was at the vault, and with which account: another one is another grant. */
    issuer: text('issuer').notNull(),
    subject: text('subject').notNull(),
    accountId: uuid('account_id').notNull(),
    /** What each argument may be; see `src/policy/grants/template.ts`. */
    template: jsonb('template').notNull(),
    /** Its sentence for people. */
    sentence: text('sentence').notNull(),
    /** What the policy was asked about the call it was made from: a policy that is stricter with it ends the grant. */
    question: jsonb('question').notNull(),
    /** The tier it replaces, at which it was approved. */
    tier: text('tier', { enum: ['approve', 'approve_strong'] }).notNull(),
    policyVersion: text('policy_version').notNull(),
    /** The call whose card it was asked from. */
    callId: uuid('call_id').notNull(),
    maxUses: integer('max_uses').notNull(),
    uses: integer('uses').notNull().default(0),
    expiresAt: at('expires_at').notNull(),
    status: text('status', { enum: ['pending', 'active', 'rejected', 'ended'] }).notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    activatedAt: at('activated_at'),
    endedAt: at('ended_at'),
    /** Why it ended, a sentence for people. */
    endedWhy: text('ended_why'),
  },
  (table) => [index('grants_member').on(table.workspaceId, table.memberId, table.createdAt)],
);

/** Every use, counted at the claim: a call that is claimed twice is one use. */
export const grantUses = desk.table(
  'grant_uses',
  {
    grantId: uuid('grant_id').notNull(),
    callId: uuid('call_id').notNull(),
    at: at('at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.grantId, table.callId] })],
);
