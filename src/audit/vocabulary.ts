import { APPROVAL_EVENTS } from './vocabulary/approvals.ts';
import { CALL_EVENTS } from './vocabulary/calls.ts';
import { DESK_EVENTS } from './vocabulary/desk.ts';
import { GRANT_EVENTS } from './vocabulary/grants.ts';
import type { EventKind } from './vocabulary/kind.ts';
import { VAULT_EVENTS } from './vocabulary/vault.ts';

/** Every type of event there is. docs/audit-events.md is made of it. */
export const VOCABULARY = {
  ...CALL_EVENTS,
  ...APPROVAL_EVENTS,
  ...GRANT_EVENTS,
  ...VAULT_EVENTS,
  ...DESK_EVENTS,
};

/** One name per thing that happened; outcomes and details say how. */
export type AuditType = keyof typeof VOCABULARY;

/** The kind of a stored event; null for a type this version does not know. */
export function findKind(type: string): EventKind | null {
  return Object.hasOwn(VOCABULARY, type) ? VOCABULARY[type as AuditType] : null;
}
