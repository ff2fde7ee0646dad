import type { Approval } from '../../approvals/deps.ts';
import { findCallOf } from '../../calls/query.ts';
import { findVersionById } from '../../policy/versions/read.ts';
import type { PolicyVersion } from '../../policy/versions/types.ts';
import { findConnectRequest } from '../../vault/accounts/request.ts';
import { DeskError } from '../../errors.ts';
import type { CardCall } from '../blocks/card-state.ts';
import type { SlackDeps } from '../deps.ts';
import { findGrantOutcome } from './find-grant-outcome.ts';

/** What came of the thing an approval is about, as its card shows it; null when it is gone. */
export async function findOutcome(
  deps: Pick<SlackDeps, 'calls'>,
  approval: Approval,
): Promise<CardCall | null> {
  if (approval.grantId !== null) return findGrantOutcome(deps, approval.grantId);
  if (approval.linkRequestId !== null) return findLinkOutcome(deps, approval, approval.linkRequestId);
  if (approval.policyVersionId === null) return findCallOf(deps.calls, approval);
  const version = await findVersionById(deps.calls.database.db, approval.policyVersionId);
  return version === null ? null : describeVersion(version);
}

async function findLinkOutcome(
  { calls }: Pick<SlackDeps, 'calls'>,
  { workspaceId }: Approval,
  requestId: string,
): Promise<CardCall | null> {
  const request = await findConnectRequest(calls.vault, workspaceId, requestId);
  switch (request?.status) {
    case undefined:
      return null;
    case 'awaiting_approval':
      return { status: 'approved', result: null, errorMessage: null };
    case 'connected':
      return { status: 'done', result: { summary: 'You are linked to it now.' }, errorMessage: null };
    default:
      return { status: 'failed', result: null, errorMessage: new DeskError('link_declined').message };
  }
}

function describeVersion({ status, number }: PolicyVersion): CardCall {
  switch (status) {
    case 'pending':
      return { status: 'approved', result: null, errorMessage: null };
    case 'rejected':
      return {
        status: 'failed',
        result: null,
        errorMessage: 'It was not put into force; App Home, Policy, has the history.',
      };
    case 'active':
      return { status: 'done', result: { summary: `Version ${number} is in force.` }, errorMessage: null };
    case 'superseded':
      return {
        status: 'done',
        result: { summary: `Version ${number} was in force; a later one replaced it.` },
        errorMessage: null,
      };
  }
}
