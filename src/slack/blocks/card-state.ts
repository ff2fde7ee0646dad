import type { Approval } from '../../approvals/deps.ts';
import type { Call } from '../../calls/deps.ts';

export type CardState =
  | 'pending'
  /** Approved in Slack; the second device has to confirm it. */
  | 'confirming'
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

/** What of the two rows a card shows. */
export type CardApproval = Pick<
  Approval,
  | 'id'
  | 'kind'
  | 'status'
  | 'code'
  | 'tier'
  | 'expiresAt'
  | 'executeBy'
  | 'strongAt'
  | 'seenAt'
  | 'decidedAt'
  | 'decidedBy'
  | 'decidedFrom'
  | 'reason'
  | 'presentation'
>;
export type CardCall = Pick<Call, 'status' | 'result' | 'errorMessage'>;

/** What a card says, from the two rows it is about. */
export function cardStateOf(
  approval: Pick<CardApproval, 'status' | 'tier' | 'strongAt'>,
  call: Pick<CardCall, 'status'> | null,
): CardState {
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
      return approval.tier === 'approve_strong' && approval.strongAt === null ? 'confirming' : 'running';
  }
}
