import type { Action, Handle, Reconciled } from './action.ts';

/** The parts of an action that only reads: it needs no handle, and nothing of it has to be found again. */
export const readOnly = {
  risk: 'read',
  createHandle: (): Handle => ({}),
  reconcile: (): Promise<Reconciled> => Promise.resolve({ outcome: 'not_done' }),
} as const satisfies Pick<Action, 'risk' | 'createHandle' | 'reconcile'>;
