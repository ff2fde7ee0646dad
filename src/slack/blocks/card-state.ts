import type { Approval } from '../../approvals/deps.ts';
import type { Call } from '../../calls/deps.ts';

export type CardState =
  | 'pending'
  | 'running'
  | 'done'
  | 'failed'
  | 'unknown'
  | 'late'
  | 'stopped'
  | 'denied'
  | 'expired'
  | 'cancelled'
  | 'superseded';

type ApprovalFacts = Pick<Approval, 'status'>;
type CallFacts = Pick<Call, 'status'>;

/** What a card says, from the two rows it is about. */
export function cardStateOf(approval: ApprovalFacts, call: CallFacts | null): CardState {
  if (approval.status !== 'approved') return approval.status;
  switch (call?.status) {
    case 'done':
    case 'failed':
    case 'unknown':
      return call.status;
    case 'expired':
      return 'late';
    case 'cancelled':
    case 'refused':
    case 'denied':
      return 'stopped';
    default:
      return 'running';
  }
}
