import { bigint, index, primaryKey, sql, text } from '../drizzle.ts';
import { at, desk } from './columns.ts';

/** How far the tenant's log was read by its Management API. One reader at a time holds the row. */
export const tenantLogCursors = desk.table('tenant_log_cursors', {
  issuer: text('issuer').primaryKey(),
  /** `log_id` of the last entry that was read; null = none yet. */
  lastLogId: text('last_log_id'),
  nextReadAt: at('next_read_at').notNull().defaultNow(),
  lastError: text('last_error'),
});

/** Entries of the tenant's log about exchanges and device requests, however they came, once each. */
export const tenantLogEntries = desk.table(
  'tenant_log_entries',
  {
    issuer: text('issuer').notNull(),
    logId: text('log_id').notNull(),
    type: text('type').notNull(),
    /** When it happened, by the tenant's clock. */
    at: at('at').notNull(),
    subject: text('subject').notNull(),
    connection: text('connection'),
    receivedAt: at('received_at').notNull().defaultNow(),
    /** Empty until it was compared with our own audit. */
    verdict: text('verdict', { enum: ['ours', 'foreign'] }),
    /** The event of ours it is: one exchange is one entry. */
    eventId: bigint('event_id', { mode: 'number' }).unique(),
  },
  (table) => [
    primaryKey({ columns: [table.issuer, table.logId] }),
    index('tenant_log_entries_open')
      .on(table.receivedAt)
      .where(sql`verdict is null`),
  ],
);
