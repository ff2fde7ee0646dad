import { DeskError } from '../../errors.ts';
import type { Approval } from '../deps.ts';

/**
 * Why an approval cannot be confirmed by a second device now, or null when it can.
 * @param found.call the state of its call, when it is about one
 * @param found.late by the database's clock
 * @param found.elsewhere another second device than this one was asked
 */
export function findConfirmProblem(found: {
  readonly approval: Pick<Approval, 'kind' | 'tier' | 'status' | 'strongAt' | 'consumedAt' | 'decidedBy'>;
  readonly call: string;
  readonly late: boolean;
  readonly elsewhere: boolean;
}): DeskError | null {
  const { approval, call, late, elsewhere } = found;
  const no = (problem: string): DeskError => new DeskError('strong_refused', { problem });
  if (approval.tier !== 'approve_strong') return no('This needs no second device');
  if (approval.strongAt !== null || approval.consumedAt !== null) return no('This is confirmed already');
  if (approval.status === 'pending') return no('Approve it in Slack first, then confirm it here');
  if (approval.status === 'expired' && approval.decidedBy !== null) return new DeskError('strong_late');
  if (approval.status !== 'approved') return no(`This is ${approval.status} already`);
  if (late) return new DeskError('strong_late');
  if (elsewhere) return no('This is asked on your own device; answer it there');
  if (approval.kind === 'call' && call !== 'approved') return no('This was stopped, or settled otherwise');
  return null;
}
