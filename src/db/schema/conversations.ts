import { bigserial, index, integer, jsonb, primaryKey, sql, text, uniqueIndex } from '../drizzle.ts';
import { at, desk } from './columns.ts';

/** Deliveries seen, so that a redelivered one does nothing. */
export const inboundEvents = desk.table(
  'inbound_events',
  {
    workspaceId: text('workspace_id').notNull(),
    eventId: text('event_id').notNull(),
    receivedAt: at('received_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.eventId] }),
    index('inbound_events_age').on(table.receivedAt),
  ],
);

/** (workspace, channel, Slack thread, member): whose history it is. */
export const conversations = desk.table('conversations', {
  id: text('id').primaryKey(),
  workspaceId: text('workspace_id').notNull(),
  channel: text('channel').notNull(),
  threadTs: text('thread_ts').notNull(),
  memberId: text('member_id').notNull(),
  /** Recent messages, bounded; see agent/history. */
  history: jsonb('history').notNull().default([]),
  summary: text('summary').notNull().default(''),
  updatedAt: at('updated_at').notNull().defaultNow(),
});

/** One message of a person and everything done for it; also a LangGraph thread. */
export const turns = desk.table(
  'turns',
  {
    id: text('id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    conversationId: text('conversation_id').notNull(),
    memberId: text('member_id').notNull(),
    channel: text('channel').notNull(),
    threadTs: text('thread_ts').notNull(),
    surface: text('surface', { enum: ['dm', 'channel'] }).notNull(),
    agent: text('agent').notNull().default('default'),
    /** The person's own words: shown as the reason on cards, and what "you wrote this" is checked against. */
    text: text('text').notNull(),
    status: text('status', {
      enum: ['queued', 'running', 'waiting', 'done', 'failed', 'cancelled'],
    }).notNull(),
    traceId: text('trace_id').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    endedAt: at('ended_at'),
    /** When its text, arguments, results and model state were blanked. */
    forgottenAt: at('forgotten_at'),
  },
  (table) => [
    index('turns_conversation').on(table.conversationId, table.createdAt),
    index('turns_remembered')
      .on(table.endedAt)
      .where(sql`ended_at is not null and forgotten_at is null`),
  ],
);

/** What a conversation's worker has to do, in order. A job is only a wake-up for it. */
export const inbox = desk.table(
  'inbox',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    conversationId: text('conversation_id').notNull(),
    turnId: text('turn_id').notNull(),
    kind: text('kind', { enum: ['turn', 'resume', 'cancel'] }).notNull(),
    attempts: integer('attempts').notNull().default(0),
    lastError: text('last_error'),
    createdAt: at('created_at').notNull().defaultNow(),
    /** Not before this time, after a failure. */
    dueAt: at('due_at').notNull().defaultNow(),
    processedAt: at('processed_at'),
  },
  (table) => [
    index('inbox_open')
      .on(table.conversationId, table.id)
      .where(sql`processed_at is null`),
  ],
);

/** What has to be said in Slack, and where it went, so that it can be changed after any restart. */
export const outbox = desk.table(
  'outbox',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    channel: text('channel').notNull(),
    threadTs: text('thread_ts'),
    /** Names the message for good; the same key is never posted twice. */
    key: text('key').notNull(),
    kind: text('kind', { enum: ['post', 'update', 'status'] }).notNull(),
    /** For an update: the key of the posted message it changes. */
    targetKey: text('target_key'),
    payload: jsonb('payload').notNull(),
    /** Slack's ts of the message once posted. */
    ts: text('ts'),
    attempts: integer('attempts').notNull().default(0),
    lastError: text('last_error'),
    createdAt: at('created_at').notNull().defaultNow(),
    dueAt: at('due_at').notNull().defaultNow(),
    sentAt: at('sent_at'),
    failedAt: at('failed_at'),
  },
  (table) => [
    uniqueIndex('outbox_key').on(table.workspaceId, table.key),
    index('outbox_open')
      .on(table.workspaceId, table.channel, table.id)
      .where(sql`sent_at is null and failed_at is null`),
  ],
);
