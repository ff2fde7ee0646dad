import { integer, jsonb, primaryKey, text, uniqueIndex, uuid } from '../drizzle.ts';
import { at, bytea, desk } from './columns.ts';

/** The built-in rules of a release, with the actions it had: what every version stands on. Immutable. */
export const policyBuiltIns = desk.table('policy_built_ins', {
  /** `builtin-` and a hash of both. */
  version: text('version').primaryKey(),
  catalog: jsonb('catalog').notNull(),
  cedar: text('cedar').notNull(),
  createdAt: at('created_at').notNull().defaultNow(),
});

/** What one layer said at one time. Only what became of a version changes, never what it says. */
export const policyVersions = desk.table(
  'policy_versions',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    workspaceId: text('workspace_id').notNull(),
    /** `''` = the organisation, else a member. */
    owner: text('owner').notNull(),
    /** From 1. Version 0 is the empty layer and has no row. */
    number: integer('number').notNull(),
    /** The version it was made from. */
    parent: integer('parent').notNull(),
    document: jsonb('document').notNull(),
    cedar: text('cedar').notNull(),
    /** The built-in version whose actions `cedar` was written for. */
    builtIn: text('built_in').notNull(),
    /** A member, or `operator`. */
    author: text('author').notNull(),
    source: text('source', { enum: ['editor', 'language', 'import', 'rollback', 'cli'] }).notNull(),
    /** What changed from the parent, in words. */
    diff: text('diff').array().notNull(),
    classification: text('classification', { enum: ['tightening', 'loosening'] }).notNull(),
    status: text('status', { enum: ['pending', 'active', 'superseded', 'rejected'] }).notNull(),
    approvalId: uuid('approval_id'),
    createdAt: at('created_at').notNull().defaultNow(),
    activatedAt: at('activated_at'),
    /** When it was superseded or rejected. */
    endedAt: at('ended_at'),
  },
  (table) => [uniqueIndex('policy_versions_number').on(table.workspaceId, table.owner, table.number)],
);

/** The version of each layer that is in force. A claim locks the organisation's and the member's FOR SHARE. */
export const policyHeads = desk.table(
  'policy_heads',
  {
    workspaceId: text('workspace_id').notNull(),
    owner: text('owner').notNull(),
    number: integer('number').notNull(),
    updatedAt: at('updated_at').notNull().defaultNow(),
    /** Keyed hash over place, number and the version's Cedar text; a claim refuses another one. */
    seal: bytea('seal'),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.owner] })],
);
