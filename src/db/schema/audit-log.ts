import { bigint, index, integer, primaryKey, text, uniqueIndex, uuid } from '../drizzle.ts';
import { at, bytea, desk } from './columns.ts';

const count = (name: string) => bigint(name, { mode: 'number' });

/** One Merkle log a workspace. Its row is locked by whoever seals. */
export const auditLogs = desk.table('audit_logs', {
  workspaceId: text('workspace_id').primaryKey(),
  /** What leaves and checkpoints call this log; random, so that they name no workspace. */
  logId: uuid('log_id').notNull().unique().defaultRandom(),
  /** Leaves so far. */
  size: count('size').notNull().default(0),
  /** Roots of the complete subtrees at the right edge, largest first, 32 bytes each. */
  edge: bytea('edge').notNull(),
  createdAt: at('created_at').notNull().defaultNow(),
  /** Index of the first leaf that the running check has not compared in its present round. */
  checkedTo: count('checked_to').notNull().default(0),
});

/** Events without a leaf, filled by trigger in the transaction of the event: a late commit is not skipped. */
export const auditUnsealed = desk.table(
  'audit_unsealed',
  {
    eventId: count('event_id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
  },
  (table) => [index('audit_unsealed_workspace').on(table.workspaceId, table.eventId)],
);

/** What the tree is made of, kept for ever; holds nothing that names or describes anyone. */
export const auditLeaves = desk.table(
  'audit_leaves',
  {
    workspaceId: text('workspace_id').notNull(),
    index: count('index').notNull(),
    eventId: count('event_id').notNull(),
    /** Its very bytes, as text (docs/audit-format.md). */
    leaf: text('leaf').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.index] }),
    uniqueIndex('audit_leaves_event').on(table.eventId),
  ],
);

/** 128 random bits an event, without which its leaf cannot be tried out. Erasing a member deletes theirs. */
export const auditSalts = desk.table('audit_salts', {
  eventId: count('event_id').primaryKey(),
  salt: bytea('salt').notNull(),
});

/** Who a pseudonym in the leaves is. Erasing a member deletes their row. */
export const auditPseudonyms = desk.table(
  'audit_pseudonyms',
  {
    workspaceId: text('workspace_id').notNull(),
    memberId: text('member_id').notNull(),
    pseudonym: uuid('pseudonym').notNull().unique().defaultRandom(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.memberId] })],
);

/** Roots of complete subtrees of 256, 65,536, … leaves: proofs and checks need not read the whole log. */
export const auditNodes = desk.table(
  'audit_nodes',
  {
    workspaceId: text('workspace_id').notNull(),
    /** The subtree has 2^level leaves; a multiple of 8. */
    level: integer('level').notNull(),
    index: count('index').notNull(),
    hash: bytea('hash').notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.level, table.index] })],
);

export const auditCheckpoints = desk.table(
  'audit_checkpoints',
  {
    workspaceId: text('workspace_id').notNull(),
    size: count('size').notNull(),
    kid: text('kid').notNull(),
    /** The signed note (C2SP tlog-checkpoint). */
    note: text('note').notNull(),
    at: at('at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.size] })],
);

/** How far a witness has been told. */
export const auditWitnesses = desk.table(
  'audit_witnesses',
  {
    workspaceId: text('workspace_id').notNull(),
    /** sha256 of the witness's URL, which is a secret. */
    witness: text('witness').notNull(),
    size: count('size').notNull().default(0),
    attempts: integer('attempts').notNull().default(0),
    dueAt: at('due_at').notNull().defaultNow(),
    lastError: text('last_error'),
    sentAt: at('sent_at'),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.witness] })],
);

/** What the checks of the log found, once each. */
export const auditFindings = desk.table(
  'audit_findings',
  {
    workspaceId: text('workspace_id').notNull(),
    /** Names the finding for good: kind and place. */
    key: text('key').notNull(),
    kind: text('kind').notNull(),
    /** A sentence for an admin. */
    text: text('text').notNull(),
    foundAt: at('found_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.key] })],
);

/** How far each way out of the house has got; whoever sends for a log holds its row. */
export const auditStreams = desk.table(
  'audit_streams',
  {
    workspaceId: text('workspace_id').notNull(),
    sink: text('sink', { enum: ['webhook', 'stdout'] }).notNull(),
    /** Index of the first event that was not taken yet. */
    next: count('next').notNull().default(0),
    attempts: integer('attempts').notNull().default(0),
    dueAt: at('due_at').notNull().defaultNow(),
    lastError: text('last_error'),
    sentAt: at('sent_at'),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.sink] })],
);

/** Legal holds: as long as one stands, nothing of whom it names is pruned, erased or swept. */
export const auditHolds = desk.table(
  'audit_holds',
  {
    workspaceId: text('workspace_id').notNull(),
    /** `''` = the whole workspace. */
    memberId: text('member_id').notNull(),
    reason: text('reason').notNull(),
    placedAt: at('placed_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.memberId] })],
);
