import { bigint, bigserial, boolean, index, jsonb, sql, text, uuid } from '../drizzle.ts';
import { AUDIT_CONDITIONS } from './audit-conditions.ts';
import { at, desk } from './columns.ts';

/** Append-only: the application may insert and read, nothing else; a trigger refuses the rest. */
export const auditEvents = desk.table(
  'audit_events',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    at: at('at').notNull().defaultNow(),
    type: text('type').notNull(),
    /** Who did it: `member:U…`, `agent:default`, `desk`, `authority`, `operator`. */
    actor: text('actor').notNull(),
    /** The member on whose behalf. */
    memberId: text('member_id'),
    agent: text('agent'),
    action: text('action'),
    target: text('target'),
    outcome: text('outcome').notNull(),
    why: text('why'),
    callId: uuid('call_id'),
    code: text('code'),
    turnId: text('turn_id'),
    traceId: text('trace_id'),
    detail: jsonb('detail').notNull().default({}),
  },
  (table) => [
    index('audit_events_member').on(table.workspaceId, table.memberId, table.id),
    index('audit_events_workspace').on(table.workspaceId, table.id),
    index('audit_events_call').on(table.callId),
    index('audit_events_code').on(table.workspaceId, table.code),
    // Timelines, for a workspace and for a member; by outcome; what is counted; a message and its calls.
    index('audit_events_heads')
      .on(table.workspaceId, table.at, table.id)
      .where(sql.raw(AUDIT_CONDITIONS.heads)),
    index('audit_events_member_heads')
      .on(table.workspaceId, table.memberId, table.at, table.id)
      .where(sql.raw(AUDIT_CONDITIONS.heads)),
    index('audit_events_outcomes')
      .on(table.workspaceId, table.outcome, table.at, table.id)
      .where(sql.raw(AUDIT_CONDITIONS.ends)),
    index('audit_events_kinds')
      .on(table.workspaceId, table.type, table.at, table.id)
      .where(sql.raw(AUDIT_CONDITIONS.kinds)),
    index('audit_events_turn').on(table.turnId).where(sql.raw(AUDIT_CONDITIONS.turns)),
  ],
);

/** Signing keys of the desk, of the Slack door and of the audit logs; private parts sealed. */
export const signingKeys = desk.table('signing_keys', {
  kid: text('kid').primaryKey(),
  purpose: text('purpose', { enum: ['desk', 'door', 'log'] }).notNull(),
  publicJwk: jsonb('public_jwk').notNull(),
  privateSealed: text('private_sealed').notNull(),
  createdAt: at('created_at').notNull().defaultNow(),
  retiredAt: at('retired_at'),
});

/** Where this database was last noted to be; one row. See `src/db/origin.ts`. */
export const origin = desk.table('origin', {
  single: boolean('single').primaryKey(),
  identity: text('identity').notNull(),
  heartbeat: bigint('heartbeat', { mode: 'number' }).notNull(),
});
