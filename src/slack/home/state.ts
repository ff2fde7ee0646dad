import { z } from 'zod';
import type { AuditFilter } from '../../audit/read/filter.ts';
import { SCOPES } from '../policy/change.ts';
import { auditFilter } from './audit-filter.ts';

export const TABS = ['accounts', 'approvals', 'audit', 'insights', 'policy'] as const;
export type Tab = (typeof TABS)[number];

const CURSORS = 100;

const state = z.object({
  tab: z.enum(TABS).catch('accounts'),
  page: z.int().min(0).max(10_000).catch(0),
  /** Where each page of the audit begins: ids of events; the last ones only, to stay small. */
  cursors: z.array(z.int().positive()).max(CURSORS).catch([]),
  /** What the audit is narrowed to. */
  filter: auditFilter.catch({}),
  /** Whether it is in the audit that, since this was chosen, an admin reads what was done for others. */
  readRecorded: z.boolean().catch(false),
  /** Whose rules the policy shows. */
  scope: z.enum(SCOPES).catch('mine'),
  /** What is looked for in the policy. */
  find: z.string().max(60).catch(''),
});

/** What the Home view remembers of itself: a hint of where the person was, never a right. */
export type HomeState = z.infer<typeof state>;

export const FIRST: HomeState = {
  tab: 'accounts',
  page: 0,
  cursors: [],
  filter: {},
  readRecorded: false,
  scope: 'mine',
  find: '',
};

/** @param metadata the view's private_metadata, which may be missing or anything */
export function readHomeState(metadata: string | undefined): HomeState {
  try {
    return state.parse(JSON.parse(metadata ?? ''));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return FIRST;
    throw error;
  }
}

export function writeHomeState(value: HomeState): string {
  return JSON.stringify(value);
}

/** @param last id of the last event on the page */
export function nextPage(value: HomeState, last: number): HomeState {
  return { ...value, page: value.page + 1, cursors: [...value.cursors, last].slice(-CURSORS) };
}

export function previousPage(value: HomeState): HomeState {
  const cursors = value.cursors.slice(0, -1);
  return { ...value, page: cursors.length === 0 ? 0 : value.page - 1, cursors };
}

/** The first page of what is chosen: another view of the audit, whose reading counts anew. */
export function narrow(filter: AuditFilter): HomeState {
  return { ...FIRST, tab: 'audit', filter };
}
