import type { grants } from '../../db/schema/grants.ts';
import type { PolicyCall } from '../types.ts';
import type { Template } from './template.ts';

type Row = typeof grants.$inferSelect;

/** A member's leave to have calls of one shape done without asking, a bounded number of times. */
export type Grant = Omit<Row, 'template' | 'question'> & {
  readonly template: Template;
  readonly question: PolicyCall;
};

/** What a grant says; the rest of it is what became of it. */
export type GrantTerms = Omit<
  Grant,
  'uses' | 'status' | 'createdAt' | 'activatedAt' | 'endedAt' | 'endedWhy'
>;

export function toGrant(row: Row): Grant {
  // Written by `createGrant` alone, and covered by the digest of what was approved.
  return { ...row, template: row.template as Template, question: row.question as PolicyCall };
}
