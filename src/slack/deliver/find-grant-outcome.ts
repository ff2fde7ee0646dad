import { findGrant } from '../../policy/grants/query.ts';
import type { CardCall } from '../blocks/card-state.ts';
import type { SlackDeps } from '../deps.ts';

/** What became of a grant, as the card that asked for it shows it; null when it is gone. */
export async function findGrantOutcome(
  deps: Pick<SlackDeps, 'calls'>,
  grantId: string,
): Promise<CardCall | null> {
  const grant = await findGrant(deps.calls.database.db, grantId);
  if (grant === null) return null;
  switch (grant.status) {
    case 'pending':
      return { status: 'approved', result: null, errorMessage: null };
    case 'rejected':
      return { status: 'failed', result: null, errorMessage: grant.endedWhy };
    case 'active':
      return {
        status: 'done',
        result: {
          summary: `It counts now. End it in App Home, Approvals, or with /agentdesk grants revoke ${grant.code}.`,
        },
        errorMessage: null,
      };
    case 'ended':
      return {
        status: 'done',
        result: { summary: `It ended: ${grant.endedWhy ?? ''}.` },
        errorMessage: null,
      };
  }
}
