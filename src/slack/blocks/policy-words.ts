import type { Outcome } from '../../policy/types.ts';
import type { Scope } from '../policy/change.ts';

export const OUTCOMES: readonly Outcome[] = ['allow', 'approve', 'approve_strong', 'deny'];

const MINE: Readonly<Record<Outcome, string>> = {
  allow: 'At once',
  approve: 'Ask me',
  approve_strong: 'Ask me on a second device',
  deny: 'Never',
};
const ORGANISATION: Readonly<Record<Outcome, string>> = {
  ...MINE,
  approve: 'Ask the member',
  approve_strong: 'Ask on a second device',
};

/** An outcome as it is offered for a choice. */
export function nameOutcome(outcome: Outcome, scope: Scope): string {
  return (scope === 'mine' ? MINE : ORGANISATION)[outcome];
}

const PROVIDERS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    gmail: 'Gmail',
    calendar: 'Calendar',
    github: 'GitHub',
  }),
);

export function nameProvider(service: string): string {
  return PROVIDERS.get(service) ?? service;
}
