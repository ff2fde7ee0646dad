import { findById } from '../../approvals/query.ts';
import { writeStrongLink } from '../../approvals/strong/links.ts';
import { offersGrant } from '../../calls/grants/draft.ts';
import { findConnectRequest, writeConnectLink } from '../../vault/accounts/request.ts';
import { buildCard, type Card } from '../blocks/card.ts';
import { buildCheckpointMessage } from '../blocks/checkpoint.ts';
import { buildConnectCard } from '../blocks/connect-card.ts';
import { buildNoticeMessage, buildReply } from '../blocks/reply.ts';
import type { SlackDeps } from '../deps.ts';
import { findDevice } from './find-device.ts';
import { findOutcome } from './find-outcome.ts';
import type { Payload } from './payload.ts';

/** Makes the message of a payload from the rows as they are now; null when what it names is gone. */
export async function renderPayload(
  deps: SlackDeps,
  workspaceId: string,
  payload: Payload,
): Promise<Card | null> {
  const { database, vault, now } = deps.calls;
  switch (payload.type) {
    case 'reply':
      return buildReply(payload.text);
    case 'notice':
      return buildNoticeMessage(payload.text);
    case 'checkpoint':
      return buildCheckpointMessage(payload.note);
    case 'card': {
      const approval = await findById(database, workspaceId, payload.approvalId);
      if (approval === null) return null;
      const link = writeStrongLink(deps.calls.approvals, 'strong', approval.id);
      const outcome = await findOutcome(deps, approval);
      const mayGrant = await offersGrant(deps.calls, approval);
      return buildCard(approval, outcome, link, mayGrant, await findDevice(deps, approval));
    }
    case 'connect': {
      const request = await findConnectRequest(vault, workspaceId, payload.requestId);
      return request === null ? null : buildConnectCard(request, writeConnectLink(vault, request.id), now());
    }
    case 'admins':
    case 'status':
      return null;
  }
}
